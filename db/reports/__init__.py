"""Reports: what is shown is made once as a document, and written as PDF, XLSX and CSV from that."""
