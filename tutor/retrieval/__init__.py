"""Finding the passage that answers: passages, encoder, vectors, keywords, fusion, and keeping the index fresh."""
