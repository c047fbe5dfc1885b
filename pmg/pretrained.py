"""Pretrained models: where they run, and their weights at a revision."""

from typing import Any

from pmg.extras import MODELS, library
from pmg.problems import BadCall, quoted


def device() -> str:
    return "cuda" if library("torch", MODELS).cuda.is_available() else "cpu"


def pretrained(kind: str, place: tuple[str, str | None], **options: Any) -> Any:  # noqa: ANN401
    """A part of a model at its revision, weights as safetensors, which hold no code.

    Raises:
        BadCall: it is neither in the cache nor to be fetched, or is no such part.
    """
    transformers = library("transformers", MODELS)
    model, revision = place
    if "Model" in kind:
        options["use_safetensors"] = True
    try:
        return getattr(transformers, kind).from_pretrained(model, revision=revision, **options)
    except OSError as error:
        named = f"of {revision[:8]}" if revision else "of its newest revision"
        raise BadCall(
            f"{model}: expected its files {named}, here or on the Hub, found none. "
            "Look whether the Hub can be reached, and HF_HUB_OFFLINE is not set."
        ) from error
    except Exception as error:  # over damaged files, its readers raise what they like
        raise BadCall(
            f"{model}: expected files of an {kind}, found others, or damage: "
            f"{quoted(str(error))}. Name another, or fetch them again."
        ) from error
