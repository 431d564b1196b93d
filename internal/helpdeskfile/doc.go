// Package helpdeskfile reads the file that names the connected helpdesks. It holds no secret, only where each is:
//
//	helpdesks:
//	  - name: shop
//	    vendor: zendesk
//	    settings: {url: acme, email: warmline@acme.example}
//	    secrets: {token: {env: ZENDESK_TOKEN}}
//	    webhook:
//	      url: https://warmline.acme.example/hooks/shop
//	      secrets: [{file: /run/secrets/zendesk-hook}]
//
//	accounts, err := helpdeskfile.Read("helpdesks.yaml", data, os.LookupEnv, os.ReadFile)
package helpdeskfile
