"""The lists that come with Clausum. `data/README.md` says where they come from and of which date."""
