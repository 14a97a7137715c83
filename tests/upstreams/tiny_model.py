"""Makes a model that spells the alphabet: run inside a server's own environment, with a folder and an ending.

A llama of one layer whose attention and MLP are zero: the next token depends on the last one alone. So an
answer is known in advance, goes on where it was cut, and has the length that a test needs, on any server.
`stop`: after `~` comes the end. `endless`: after `~` comes the first letter again.
"""

import sys
from pathlib import Path

import numpy as np

SPECIALS = ["<unk>", "<s>", "</s>"]
LETTERS = [chr(code) for code in range(33, 127)]
# As GPT-2's byte-level tokenizer writes a space and a line end.
TOKENS = [*SPECIALS, *LETTERS, "\u0120", "\u010a"]
END = SPECIALS.index("</s>")
WIDTH, HEADS, MIDDLE, CONTEXT = 128, 4, 32, 8192
CERTAIN = 100.0
TEMPLATE = (
    "{% for message in messages %}{{ message['role'] }}:{{ message['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}assistant:\n{% endif %}"
)


def weights(*, endless: bool) -> dict[str, np.ndarray]:
    """By Hugging Face's names."""
    size = len(TOKENS)
    embedding = np.eye(size, WIDTH, dtype=np.float32)
    head = np.zeros((size, WIDTH), dtype=np.float32)
    first = TOKENS.index(LETTERS[0])
    for token in range(size):
        is_letter = TOKENS[token] in LETTERS
        following = token + 1 if is_letter and TOKENS[token] != LETTERS[-1] else first
        if TOKENS[token] == LETTERS[-1] and not endless:
            following = END
        head[following, token] = CERTAIN
    zeros = {
        f"model.layers.0.self_attn.{name}_proj.weight": np.zeros((WIDTH, WIDTH), np.float32)
        for name in "qkvo"
    }
    for name, shape in (("gate", (MIDDLE, WIDTH)), ("up", (MIDDLE, WIDTH)), ("down", (WIDTH, MIDDLE))):
        zeros[f"model.layers.0.mlp.{name}_proj.weight"] = np.zeros(shape, np.float32)
    norms = ("model.layers.0.input_layernorm", "model.layers.0.post_attention_layernorm", "model.norm")
    ones = {f"{name}.weight": np.ones(WIDTH, np.float32) for name in norms}
    return {"model.embed_tokens.weight": embedding, "lm_head.weight": head, **zeros, **ones}


def save_for_transformers(folder: Path, *, endless: bool) -> None:
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    config = LlamaConfig(
        vocab_size=len(TOKENS), hidden_size=WIDTH, intermediate_size=MIDDLE, num_hidden_layers=1,
        num_attention_heads=HEADS, max_position_embeddings=CONTEXT, bos_token_id=1, eos_token_id=END,
        pad_token_id=0,
    )  # fmt: skip
    model = LlamaForCausalLM(config)
    state = {name: torch.from_numpy(value) for name, value in weights(endless=endless).items()}
    model.load_state_dict(state, strict=False)
    model.generation_config.do_sample = False
    model.save_pretrained(folder)
    tokenizer = Tokenizer(
        models.BPE({token: at for at, token in enumerate(TOKENS)}, [], unk_token=SPECIALS[0])
    )
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", unk_token="<unk>", pad_token="<unk>"
    )
    fast.chat_template = TEMPLATE
    fast.save_pretrained(folder)


GGUF_NAMES = {
    "model.embed_tokens": "token_embd", "lm_head": "output", "model.norm": "output_norm",
    "model.layers.0.input_layernorm": "blk.0.attn_norm",
    "model.layers.0.post_attention_layernorm": "blk.0.ffn_norm",
    "model.layers.0.self_attn.q_proj": "blk.0.attn_q", "model.layers.0.self_attn.k_proj": "blk.0.attn_k",
    "model.layers.0.self_attn.v_proj": "blk.0.attn_v", "model.layers.0.self_attn.o_proj": "blk.0.attn_output",
    "model.layers.0.mlp.gate_proj": "blk.0.ffn_gate", "model.layers.0.mlp.up_proj": "blk.0.ffn_up",
    "model.layers.0.mlp.down_proj": "blk.0.ffn_down",
}  # fmt: skip


def save_as_gguf(file: Path, *, endless: bool) -> None:
    import gguf

    writer = gguf.GGUFWriter(file, "llama")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(MIDDLE)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(TOKENS))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(TOKENS)
    special, normal = gguf.TokenType.CONTROL, gguf.TokenType.NORMAL
    writer.add_token_types([special if token in SPECIALS else normal for token in TOKENS])
    # llama.cpp wants a list, and drops what it cannot use.
    writer.add_token_merges(["a b"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(END)
    writer.add_unk_token_id(0)
    writer.add_chat_template(TEMPLATE)
    for name, value in weights(endless=endless).items():
        writer.add_tensor(f"{GGUF_NAMES[name.removesuffix('.weight')]}.weight", value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    target, ending = Path(sys.argv[1]), sys.argv[2]
    if target.suffix == ".gguf":
        save_as_gguf(target, endless=ending == "endless")
    else:
        save_for_transformers(target, endless=ending == "endless")
