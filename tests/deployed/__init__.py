"""Three machines on one computer, installed by the blocks of docs/deploy.md, to be killed and cut off."""
