"""Tables that people keep in spreadsheets, read as rows of text: CSV in five encodings, XLSX."""
