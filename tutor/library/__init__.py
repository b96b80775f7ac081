"""Chapter files and nouns: reading, checking, importing and writing them. The only truth about what there is to study."""
