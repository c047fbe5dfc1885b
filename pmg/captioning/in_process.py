"""A model in this process, through transformers: pictures in batches, no sampling."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from blake3 import blake3

from pmg.captioning import MODEL
from pmg.captioning.answers import CUT_OFF, STOPPED, Answer, Heard, Model, Question
from pmg.digests import blake3_of
from pmg.extras import MODELS, library
from pmg.pretrained import device, pretrained
from pmg.problems import BadCall

# Where nobody names another.
REVISIONS = {MODEL: "cc594898137f460bfe9f0759e9844b3ce807cfb5"}
SHAPING = ("*.json", "*.safetensors", "*.jinja", "*.txt")  # files of a folder that shape answers


class InProcess:
    """An engine that holds the model itself."""

    def __init__(self, model: Model, batch: int) -> None:
        """Load the model, onto the GPU where there is one.

        Raises:
            BadCall: transformers, PyTorch or the model is not to be had, or is damaged.
        """
        self._torch = library("torch", MODELS)
        revision = model.revision or REVISIONS.get(model.name)
        folder = Path(model.name)
        place = model.name, None if folder.is_dir() else revision
        self._processor = pretrained("AutoProcessor", place)
        if not getattr(self._processor, "chat_template", None):
            raise BadCall(f"{model.name}: expected a template of chats, found none. Name another.")
        self._model = pretrained("AutoModelForImageTextToText", place, dtype="auto")
        self._model = self._model.eval().to(device())
        self._processor.tokenizer.padding_side = "left"  # an answer goes on where a row ends
        self._batch = batch
        told = revision_of(folder, self._model.config, revision)
        self.model = Model(name_of(model.name), told)

    def ask(self, questions: Iterable[Question], heard: Heard) -> None:
        """As `Engine`."""
        for batch in batches(iter(questions), self._batch):
            try:
                answers = self._answers(batch)
            except self._torch.OutOfMemoryError as error:
                raise BadCall(
                    f"{self.model.name}: expected memory for {self._batch} pictures at a time, "
                    "found too little. Take fewer with --at-once."
                ) from error
            for question, answer in zip(batch, answers, strict=True):
                heard(question, answer)

    def _answers(self, questions: list[Question]) -> list[Answer]:
        inputs = self._processor.apply_chat_template(
            [conversation_of(question) for question in questions],
            add_generation_prompt=True,
            tokenize=True,
            return_dict=True,
            return_tensors="pt",
            processor_kwargs={"padding": True},
        ).to(self._model.device)
        with self._torch.inference_mode():
            made = self._model.generate(
                **inputs,
                max_new_tokens=max(question.prompt.tokens for question in questions),
                do_sample=False,
                temperature=None,
                top_p=None,
                top_k=None,
            )
        start = inputs["input_ids"].shape[1]
        given = inputs["attention_mask"].sum(dim=1).tolist()
        return [
            self._answer(question, row[start:].tolist(), count)
            for question, row, count in zip(questions, made, given, strict=True)
        ]

    def _answer(self, question: Question, tokens: list[int], given: int) -> Answer:
        """What a row says up to where it ends; a row without an end was cut off."""
        ends = self._model.generation_config.eos_token_id
        ends = set(ends) if isinstance(ends, list) else {ends}
        stop = next((place for place, token in enumerate(tokens) if token in ends), len(tokens))
        is_whole = stop < len(tokens) and stop < question.prompt.tokens
        text = self._processor.tokenizer.decode(tokens[:stop], skip_special_tokens=True)
        return Answer(text, STOPPED if is_whole else CUT_OFF, given, stop)


def conversation_of(question: Question) -> list[dict[str, Any]]:
    asked = [{"type": "image", "image": question.image}, {"type": "text", "text": question.text}]
    system = [{"type": "text", "text": question.prompt.system}]
    return [{"role": "system", "content": system}, {"role": "user", "content": asked}]


def batches(questions: Iterator[Question], size: int) -> Iterator[list[Question]]:
    while batch := list(islice(questions, size)):
        yield batch


def name_of(model: str) -> str:
    """A model's name on the Hub; that of its folder, which is nobody's affair but for its name."""
    return Path(model).resolve().name if Path(model).is_dir() else model


def revision_of(folder: Path, config: Any, asked: str | None) -> str | None:  # noqa: ANN401
    """The commit that was loaded; of a folder a digest of the files that shape answers."""
    if not folder.is_dir():
        return getattr(config, "_commit_hash", None) or asked
    files = sorted(path for pattern in SHAPING for path in folder.glob(pattern))
    digest = blake3()
    for path in files:
        digest.update(f"{blake3_of(path, lambda _: None)}  {path.name}\n".encode())
    return f"blake3:{digest.hexdigest()}"
