"""A captioning model of the user's own: a tiny one, made here, that says what the test wants."""

import json

import pytest
from click.testing import CliRunner

import cli
from analysis.errors import CaptionerError
from analysis.picture.content.captioner import describe
from analysis.picture.load import load
from composer import compose
from composer.errors import UserError
from composer.explanation.document import explanation
from composer.explanation.plain import plain_view

pytest.importorskip("transformers", reason="captioning models need transformers")
SAID = "a dog on the beach"
BEFORE = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[DEC]", "[ENC]"]
SIZE = 16


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A model of one layer that knows the place in the sentence, and says the word of it."""
    import torch
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from transformers import (
        BlipConfig,
        BlipForConditionalGeneration,
        BlipImageProcessor,
        BlipProcessor,
        PreTrainedTokenizerFast,
    )

    folder = tmp_path_factory.mktemp("captioner")
    words = [*BEFORE, *SAID.split()]
    layers = {
        "hidden_size": SIZE,
        "intermediate_size": SIZE,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
    }
    ends = {"bos_token_id": 5, "eos_token_id": 3, "sep_token_id": 3, "pad_token_id": 0}
    model = BlipForConditionalGeneration(
        BlipConfig(
            text_config={
                **layers,
                **ends,
                "vocab_size": len(words),
                "encoder_hidden_size": SIZE,
                "max_position_embeddings": SIZE,
            },
            vision_config={**layers, "image_size": 32, "patch_size": 16},
        )
    )
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if "LayerNorm" not in name and "layer_norm" not in name:
                weight.zero_()
        text = model.text_decoder
        text.bert.embeddings.position_embeddings.weight.copy_(1000 * torch.eye(SIZE))
        text.cls.predictions.transform.dense.weight.copy_(torch.eye(SIZE))
        for place, word in enumerate([*SAID.split(), "[SEP]"]):
            text.cls.predictions.decoder.weight[words.index(word), place] = 10
    model.save_pretrained(folder)
    known = WordLevel({word: number for number, word in enumerate(words)}, unk_token="[UNK]")
    special = {"pad_token": "[PAD]", "bos_token": "[DEC]", "eos_token": "[SEP]"}
    tokens = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(known), **special)
    size = {"height": 32, "width": 32}
    BlipProcessor(BlipImageProcessor(size=size), tokens).save_pretrained(folder)
    return str(folder)


def test_its_sentence_is_shown_as_its_own_and_changes_nothing(folder):
    piece = compose("sample:china", captioner=folder, melody="rules")
    usual = compose("sample:china", melody="rules")
    assert piece.decisions == usual.decisions
    document = explanation(piece)
    content = document["picture"]["content"]
    assert content["described"] == SAID
    assert content["named"] == {}
    assert f"A captioning model says: “{SAID}”" in " ".join(plain_view(document).split())


def test_what_it_names_counts_where_it_is_to_and_never_against_you(folder):
    wishes = {"captioner": folder, "captioner_counts": True, "melody": "rules"}
    piece = compose("sample:china", **wishes)
    assert piece.analysis.features["content.dog"] == 1
    assert piece.analysis.features["content.water"] == 1
    assert sum(share["content.dog"] for share in piece.analysis.content.shares) == 1
    content = explanation(piece)["picture"]["content"]
    assert content["named"] == {"content.dog": 1, "content.water": 1}
    yours = compose("sample:china", content=["dog=0"], **wishes)
    assert yours.analysis.features["content.dog"] == 0
    assert explanation(yours)["picture"]["content"]["named"] == {"content.water": 1}


def test_the_command_writes_it_and_says_who_said_so(folder, tmp_path):
    out = tmp_path / "x.json"
    page = tmp_path / "x.html"
    line = ["sample:china", "--melody", "rules", "--captioner", folder, "--captioner-counts"]
    done = CliRunner().invoke(cli.compose, [*line, "-o", str(out), "-o", str(page)])
    assert done.exit_code == 0, done.output
    assert json.loads(out.read_text())["picture"]["content"]["described"] == SAID
    html = page.read_text()
    assert SAID in html
    assert "the captioning model said so" in html
    asked = ["explain", str(out), "--decision", "valence"]
    told = CliRunner().invoke(cli.promenade, asked)
    assert told.exit_code == 0, told.output


def test_a_folder_that_holds_none_is_a_sentence(folder, tmp_path):
    picture = load("sample:china").pixels
    with pytest.raises(CaptionerError, match="There is no folder"):
        describe(picture, str(tmp_path / "none"))
    with pytest.raises(CaptionerError, match=r"holds no config.json and no \*.safetensors"):
        describe(picture, str(tmp_path))
    (tmp_path / "config.json").write_text('{"model_type": "no such", "auto_map": {"A": "x.py"}}')
    (tmp_path / "x.py").write_text("raise SystemExit")
    (tmp_path / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(CaptionerError, match=r"holds no \*.safetensors"):
        describe(picture, str(tmp_path))
    (tmp_path / "model.safetensors").write_bytes(b"x" * 100)
    with pytest.raises(CaptionerError, match="cannot be read as a captioning model"):
        describe(picture, str(tmp_path))
    done = CliRunner().invoke(cli.compose, ["sample:china", "--captioner", str(tmp_path)])
    assert done.exit_code == 2
    assert "Traceback" not in done.output


def test_what_counts_needs_a_captioner():
    with pytest.raises(UserError, match="captioner_counts needs a captioner"):
        compose("sample:china", captioner_counts=True)
    done = CliRunner().invoke(cli.compose, ["sample:china", "--captioner-counts"])
    assert done.exit_code == 2
    assert "--captioner-counts is for --captioner DIR." in done.output
