package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// ErrNotInstalled says that this machine has no initdb, so there is no server to start.
var ErrNotInstalled = errors.New("initdb not found")

const (
	debianBin = "/usr/lib/postgresql/*/bin" // Debian keeps the server's programs out of PATH
	superuser = "warmline"
	// maxSocketDir keeps the socket's whole path below the 104 bytes that the tightest kernels (macOS, BSD) allow.
	maxSocketDir = 80
	startTimeout = 60 * time.Second
	stopTimeout  = 20 * time.Second
)

// Options say how the server runs. The zero value is a fast server whose data need not survive a power cut.
type Options struct {
	// Fsync makes commits durable, as in production. Benchmarks that claim a rate need it; tests do not, because a
	// killed process loses nothing that the kernel already has.
	Fsync bool
	// Programs is the folder that holds initdb and postgres. Empty means: where PATH finds initdb, else Debian's newest.
	Programs string
}

// Server is a running PostgreSQL that belongs to this process. Its methods may be called from any goroutine.
type Server struct {
	dir    string
	cmd    *exec.Cmd
	exited chan struct{} // closed once the process has been reaped

	stopOnce sync.Once
	stopErr  error
}

// Start makes a new cluster in a temporary directory, starts a server on it and returns once it takes connections.
// The caller owns the server and must Stop it. The error is ErrNotInstalled where there is no PostgreSQL.
func Start(ctx context.Context, opts Options) (*Server, error) {
	bin, err := findPrograms(opts.Programs)
	if err != nil {
		return nil, err
	}
	owner, err := serverUser()
	if err != nil {
		return nil, err
	}
	dir, err := makeDir(owner)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	s := &Server{dir: dir, exited: make(chan struct{})}
	if err := s.start(ctx, bin, owner, opts); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := s.waitReady(ctx); err != nil {
		err = fmt.Errorf("%w; the server's log says:\n%s", err, s.log())
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// DSN names the server's own database "postgres", as a user who may create others.
func (s *Server) DSN() string {
	query := url.Values{"host": {s.dir}, "sslmode": {"disable"}}
	return (&url.URL{Scheme: "postgres", User: url.User(superuser), Host: "", Path: "/postgres", RawQuery: query.Encode()}).String()
}

// Stop ends the server, disconnecting whoever is still there, waits for it and removes its files. Stopping twice is fine.
func (s *Server) Stop() error {
	s.stopOnce.Do(func() {
		_ = s.cmd.Process.Signal(syscall.SIGINT) // PostgreSQL's fast shutdown; an error means that it has exited already
		select {
		case <-s.exited:
		case <-time.After(stopTimeout):
			s.stopErr = errors.Join(errors.New("stop postgresql: no answer to SIGINT, killed"), s.cmd.Process.Kill())
			<-s.exited
		}
		s.stopErr = errors.Join(s.stopErr, os.RemoveAll(s.dir))
	})
	return s.stopErr
}

func (s *Server) start(ctx context.Context, bin string, owner *syscall.Credential, opts Options) error {
	data := filepath.Join(s.dir, "data")
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"),
		"--pgdata="+data, "--username="+superuser, "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
	initdb.Dir = s.dir
	initdb.SysProcAttr = &syscall.SysProcAttr{Credential: owner}
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("run initdb: %w:\n%s", err, out)
	}

	log, err := os.Create(s.logPath())
	if err != nil {
		return fmt.Errorf("create server log: %w", err)
	}
	defer func() { _ = log.Close() }() // the server holds its own copy
	args := []string{"-D", data, "-k", s.dir, "-c", "listen_addresses=", "-c", "max_connections=300"}
	if !opts.Fsync {
		args = append(args, "-c", "fsync=off", "-c", "full_page_writes=off")
	}
	// Not CommandContext: the server outlives ctx, which bounds only the start.
	s.cmd = exec.Command(filepath.Join(bin, "postgres"), args...) //nolint:noctx // see above
	s.cmd.Dir, s.cmd.Stdout, s.cmd.Stderr = s.dir, log, log
	// A group of its own, so that Ctrl-C reaches the tests but not the database under them.
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: owner, Setpgid: true}
	if err := s.cmd.Start(); err != nil {
		return fmt.Errorf("start postgres: %w", err)
	}
	go func() {
		_ = s.cmd.Wait() // how it ended is in its log
		close(s.exited)
	}()
	return nil
}

// waitReady returns once a statement has been answered.
func (s *Server) waitReady(ctx context.Context) error {
	for {
		err := execute(ctx, s.DSN(), "SELECT 1")
		if err == nil {
			return nil
		}
		select {
		case <-s.exited:
			return errors.New("start postgres: it exited at once")
		case <-ctx.Done():
			return fmt.Errorf("wait for postgres: %w", errors.Join(ctx.Err(), err))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (s *Server) logPath() string { return filepath.Join(s.dir, "server.log") }

func (s *Server) log() string {
	text, err := os.ReadFile(s.logPath())
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// findPrograms returns the folder that holds initdb and postgres, looking only in folder where that is given.
func findPrograms(folder string) (string, error) {
	if folder != "" {
		if _, err := os.Stat(filepath.Join(folder, "initdb")); err != nil {
			return "", fmt.Errorf("%w (looked in %s)", ErrNotInstalled, folder)
		}
		return folder, nil
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		// A link in PATH points into the folder where postgres lies beside it.
		if target, err := filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(target), nil
		}
	}
	found, err := filepath.Glob(filepath.Join(debianBin, "initdb"))
	if err != nil || len(found) == 0 {
		return "", fmt.Errorf("%w (looked in PATH and %s)", ErrNotInstalled, debianBin)
	}
	return filepath.Dir(found[len(found)-1]), nil
}

// serverUser returns whom to run as: nil, meaning ourselves, unless we are root, whom PostgreSQL refuses.
func serverUser() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
		gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(errUID, errGID); err != nil {
			return nil, fmt.Errorf("read ids of user %s: %w", name, err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("postgresql does not run as root, and there is no user postgres or nobody to run it as")
}

// makeDir makes the directory of socket, log and data, owned by whoever runs the server.
func makeDir(owner *syscall.Credential) (string, error) {
	parent := os.TempDir()
	if owner != nil || len(parent) > maxSocketDir-len("/wl-pg-0123456789") {
		parent = "/tmp" // short, and open to other users
	}
	dir, err := os.MkdirTemp(parent, "wl-pg-")
	if err != nil {
		return "", fmt.Errorf("make server directory: %w", err)
	}
	if owner != nil {
		if err := os.Chown(dir, int(owner.Uid), int(owner.Gid)); err != nil {
			return "", errors.Join(fmt.Errorf("give server directory away: %w", err), os.RemoveAll(dir))
		}
	}
	return dir, nil
}
