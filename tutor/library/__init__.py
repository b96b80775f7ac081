"""Reading, checking, importing and writing chapter files: the only truth about what there is to study."""
