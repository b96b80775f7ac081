"""Makes a small sentence-transformers model that differs from the shipped one in every way it can, in a process of
its own: two layers of chance weights, the first token's state, another width, prompts, few tokens.

    python -m tests.retrieval.tiny_model FOLDER < texts.json > vectors.json
"""

import json
import sys
import tempfile

DIMENSIONS, MOST_TOKENS = 40, 32
QUERY, PASSAGE = "query: ", "passage: "
TEXTS = ["What is RAG?", "", "Ünïcödé, naïve façade", "The reranker reads query and passage together. " * 20]


def main(folder: str) -> None:
    """Write the model; texts in, their vectors as passages and as queries out."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Pooling, Transformer
    from transformers import AutoTokenizer, BertConfig, BertModel

    from tutor.retrieval.encoder_export import packaged

    torch.manual_seed(7)
    tokenizer = AutoTokenizer.from_pretrained(packaged(), local_files_only=True)
    shape = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
        initializer_range=0.5,
    )
    with tempfile.TemporaryDirectory() as bare:
        BertModel(shape).save_pretrained(bare)
        tokenizer.save_pretrained(bare)
        transformer = Transformer(bare, max_seq_length=MOST_TOKENS)
        modules = [transformer, Pooling(48, pooling_mode="cls"), Dense(48, DIMENSIONS)]
        model = SentenceTransformer(modules=modules, device="cpu", prompts={"query": QUERY, "document": PASSAGE})
        model.save(folder)
        texts = json.load(sys.stdin)
        rows = [model.encode(texts, prompt=each, normalize_embeddings=True).tolist() for each in (PASSAGE, QUERY)]
    json.dump(rows, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
