"""Models of the right architectures with weights of chance, where those that are fetched would be.

They are small where an architecture has a size to choose; nothing of them was trained.
"""

from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import constants

from pmg.evaluating.models import CLIP, DINO

ALEXNET, INCEPTION = "alexnet-owt-7be5be79.pth", "weights-inception-2015-12-05-6726825d.pth"
SMALL = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}


def snapshot(place: tuple[str, str]) -> Path:
    """Where the Hub's client looks for a model's files of a revision."""
    model, revision = place
    named = f"models--{model.replace('/', '--')}"
    return Path(constants.HF_HUB_CACHE) / named / "snapshots" / revision


def write_clip() -> None:
    transformers: Any = pytest.importorskip("transformers")
    part = {**SMALL, "intermediate_size": 64}
    config = transformers.CLIPConfig(
        text_config={**part, "eos_token_id": 1, "bos_token_id": 0},
        vision_config={**part, "image_size": 224, "patch_size": 32},
        projection_dim=16,
    )
    folder = snapshot(CLIP)
    transformers.CLIPModel(config).save_pretrained(folder)
    transformers.CLIPImageProcessor(size=224, crop_size=224).save_pretrained(folder)
    letters = [chr(code) for code in range(33, 127)]
    words = ["<|startoftext|>", "<|endoftext|>", *letters, *(f"{each}</w>" for each in letters)]
    vocabulary = {word: number for number, word in enumerate(words)}
    transformers.CLIPTokenizer(vocab=vocabulary, merges=[], model_max_length=77).save_pretrained(
        folder
    )


def write_dino() -> None:
    transformers: Any = pytest.importorskip("transformers")
    config = transformers.Dinov2Config(**SMALL, image_size=224, patch_size=14)
    folder = snapshot(DINO)
    transformers.Dinov2Model(config).save_pretrained(folder)
    transformers.BitImageProcessor(
        size={"shortest_edge": 256}, crop_size={"height": 224, "width": 224}
    ).save_pretrained(folder)


def write_alexnet(checkpoints: Path) -> None:
    torch: Any = pytest.importorskip("torch")
    models: Any = pytest.importorskip("torchvision.models")
    torch.save(models.alexnet().state_dict(), checkpoints / ALEXNET)


def write_inception(checkpoints: Path) -> None:
    """The network's own class reads its weights from a file; one of chance is made for it."""
    torch: Any = pytest.importorskip("torch")
    network: Any = pytest.importorskip("torch_fidelity.feature_extractor_inceptionv3")
    made: dict[str, Any] = {}
    network_class = network.FeatureExtractorInceptionV3
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network_class, "load_state_dict", lambda self, _: made.update(it=self))
        patch.setattr(network, "load_state_dict_from_url", lambda *_, **__: {})
        network_class("inception-v3-compat", ["2048"])
    torch.save(torch.nn.Module.state_dict(made["it"]), checkpoints / INCEPTION)
