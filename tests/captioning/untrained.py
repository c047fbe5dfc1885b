"""A Qwen2.5-VL as small as it can be, with weights of chance: its files, as they would be fetched.

Its words are English, so that what it says by chance reads like a very bad caption.
"""

from pathlib import Path
from typing import Any

import pytest

WORDS = ("panda", "red", "smiling", "sailboat", "golden", "lantern", "under", "a", "the", "moon")
SPECIAL = (
    *("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>"),
    *("<|image_pad|>", "<|video_pad|>"),
)
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{% for part in message.content %}"
    "{% if part.type == 'image' %}<|vision_start|><|image_pad|><|vision_end|>"
    "{% else %}{{ part.text }}{% endif %}{% endfor %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
SIDE = 64  # of what is hidden
CHANCE = 0.5  # of weights; with the usual 0.02 every picture would be answered alike


def write_qwen(folder: Path, seed: int = 0) -> Path:
    """Write a model's folder: configuration, weights, tokenizer, processors, chat template."""
    transformers: Any = pytest.importorskip("transformers")
    torch: Any = pytest.importorskip("torch")
    tokenizer = tokenizer_of(transformers)
    ids = {name: tokenizer.convert_tokens_to_ids(name) for name in SPECIAL}
    config = transformers.Qwen2_5_VLConfig(
        text_config={
            "hidden_size": SIDE, "intermediate_size": 2 * SIDE, "num_hidden_layers": 2,
            "num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": len(tokenizer),
            "bos_token_id": ids["<|endoftext|>"], "eos_token_id": ids["<|im_end|>"],
            "pad_token_id": ids["<|endoftext|>"], "initializer_range": CHANCE,
            "rope_parameters": {"rope_type": "default", "rope_theta": 1_000_000.0,
                                "mrope_section": [2, 3, 3]},
        },
        vision_config={
            "depth": 2, "hidden_size": 32, "intermediate_size": 64, "num_heads": 2,
            "out_hidden_size": SIDE, "fullatt_block_indexes": [1], "initializer_range": CHANCE,
        },
        image_token_id=ids["<|image_pad|>"],
        video_token_id=ids["<|video_pad|>"],
        vision_start_token_id=ids["<|vision_start|>"],
        vision_end_token_id=ids["<|vision_end|>"],
    )  # fmt: skip
    torch.manual_seed(seed)
    model = transformers.Qwen2_5_VLForConditionalGeneration(config)
    words = [tokenizer.convert_tokens_to_ids(f"Ġ{word}") for word in WORDS]
    with torch.no_grad():  # other tokens than these words are hardly ever said
        said = torch.full((len(tokenizer), 1), 0.01)
        said[words] = 1
        model.lm_head.weight *= said
    # Two of the words end an answer, so that some are whole.
    model.generation_config = transformers.GenerationConfig(
        eos_token_id=[ids["<|im_end|>"], *words[::5]], pad_token_id=ids["<|endoftext|>"]
    )
    model.save_pretrained(folder)
    transformers.Qwen2_5_VLProcessor(
        image_processor=transformers.Qwen2VLImageProcessor(),
        tokenizer=tokenizer,
        video_processor=transformers.Qwen2VLVideoProcessor(),
        chat_template=TEMPLATE,
    ).save_pretrained(folder)
    return folder


def tokenizer_of(transformers: Any) -> Any:  # noqa: ANN401 - transformers has no types for it
    """One token for each byte and for each of a few words."""
    tokenizers: Any = pytest.importorskip("tokenizers")
    letters = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {letter: number for number, letter in enumerate(letters)}
    merges = []
    for word in WORDS:
        made = "Ġ"
        for letter in word:
            if (made, letter) not in merges:
                merges.append((made, letter))
            made += letter
            vocabulary.setdefault(made, len(vocabulary))
    tokenizer = transformers.Qwen2Tokenizer(vocab=vocabulary, merges=merges)
    tokenizer.add_special_tokens({"additional_special_tokens": list(SPECIAL)})
    tokenizer.eos_token, tokenizer.pad_token = "<|im_end|>", "<|endoftext|>"
    return tokenizer
