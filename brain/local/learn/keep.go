package learn

// Bounds of what is read: a model that was trained here is far below them.
const (
	mostCols     = 1 << 20
	mostDense    = 1 << 12
	mostClasses  = 1 << 16
	mostFeatures = 1 << 8
	mostUses     = int(UseDense)
)

// Write keeps the space. Columns stand in order of how common their parts are, so that what a part is worth comes in runs.
func (s *Space) Write(w *Writer) {
	w.Uint(s.dense)
	w.Uint(int(s.use))
	w.small(s.unseen)
	w.Uint(len(s.idf))
	hashes := make([]uint64, len(s.idf))
	for h, c := range s.col {
		hashes[c] = h
	}
	for _, h := range hashes {
		w.hash(h)
	}
	for i := 0; i < len(s.idf); {
		j := i
		for j < len(s.idf) && s.idf[j] == s.idf[i] {
			j++
		}
		w.Uint(j - i)
		w.small(s.idf[i])
		i = j
	}
}

// ReadSpace reads what Write kept. It returns an empty space after a fault.
func ReadSpace(r *Reader) *Space {
	s := &Space{dense: r.Uint(mostDense), use: Use(r.Uint(mostUses)), unseen: r.small()}
	n := r.Count(mostCols, 8)
	s.col, s.idf = make(map[uint64]int32, n), make([]float32, 0, n)
	for i := range n {
		s.col[r.hash()] = int32(i)
	}
	if len(s.col) != n {
		r.fail("a part has two columns")
	}
	for len(s.idf) < n && r.err == nil {
		run, x := r.Uint(n-len(s.idf)), r.small()
		if run == 0 {
			r.fail("an empty run")
		}
		for range run {
			s.idf = append(s.idf, x)
		}
	}
	if r.err != nil {
		return &Space{col: map[uint64]int32{}}
	}
	return s
}

// Write keeps the model. The classes of a column ascend, so that most of them take a byte.
func (l *Linear) Write(w *Writer) {
	w.Uint(l.classes)
	w.Uint(l.dense)
	w.smalls(l.scale)
	w.smalls(l.bias)
	w.smalls(l.full)
	w.Uint(len(l.start) - 1)
	for c := range len(l.start) - 1 {
		from, end := l.start[c], l.start[c+1]
		w.Uint(int(end - from))
		last := uint16(0)
		for _, k := range l.class[from:end] {
			w.Uint(int(k - last))
			last = k
		}
		for _, x := range l.weight[from:end] {
			w.b = append(w.b, byte(x))
		}
	}
}

// ReadLinear reads what Write kept: a model over the columns of a space, with so many classes. It returns nil after a fault.
func ReadLinear(r *Reader, s *Space, classes int) *Linear {
	l := &Linear{classes: r.Uint(mostClasses), dense: r.Uint(mostDense)}
	if l.classes != classes || l.dense != s.dense {
		r.fail("a model of %d classes and %d points, want %d and %d", l.classes, l.dense, classes, s.dense)
	}
	l.scale, l.bias, l.full = r.smalls(classes), r.smalls(classes), r.smalls(s.dense*classes)
	cols := r.Count(mostCols, 1)
	if cols != len(s.idf) {
		r.fail("a model of %d columns, want %d", cols, len(s.idf))
	}
	l.start = make([]uint32, 1, cols+1)
	for range cols {
		l.column(r)
	}
	if r.err != nil {
		return nil
	}
	return l
}

func (l *Linear) column(r *Reader) {
	n := r.Count(l.classes, 2)
	last := 0
	for i := range n {
		step := r.Uint(mostClasses)
		last += step
		if i > 0 && step == 0 || last >= l.classes {
			r.fail("a weight of class %d among %d", last, l.classes)
			return
		}
		l.class = append(l.class, uint16(last))
	}
	for _, x := range r.take(n) {
		l.weight = append(l.weight, int8(x))
	}
	l.start = append(l.start, uint32(len(l.class)))
}

// Write keeps the regression.
func (m *Logistic) Write(w *Writer) {
	w.Floats(m.Mean)
	w.Floats(m.Scale)
	w.Floats(m.Weight)
	w.Float(m.Bias)
}

// ReadLogistic reads what Write kept: a regression over so many features. It returns nil after a fault.
func ReadLogistic(r *Reader, features int) *Logistic {
	m := &Logistic{Mean: r.Floats(mostFeatures), Scale: r.Floats(mostFeatures), Weight: r.Floats(mostFeatures), Bias: r.Float()}
	if len(m.Mean) != features || len(m.Scale) != features || len(m.Weight) != features {
		r.fail("a regression of %d features, want %d", len(m.Weight), features)
	}
	for _, x := range m.Scale {
		if x <= 0 {
			r.fail("a scale of %v", x)
		}
	}
	if r.err != nil {
		return nil
	}
	return m
}
