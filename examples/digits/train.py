#!/usr/bin/env python3
"""Trains the digits example: a small CNN with 4-bit convolutions on scikit-learn's 8x8 handwritten digits.

    /usr/bin/python3 train.py [--out DIR]

Writes model.onnx, images.npy, labels.npy and reference.json next to this file, or to DIR. Needs PyTorch, NumPy
and scikit-learn (Debian: python3-torch python3-sklearn). Takes less than a minute on one core.
"""

import argparse
import hashlib
import json
import warnings
from pathlib import Path
from typing import Any, Callable, Dict, List, NamedTuple, Tuple

import numpy as np
import sklearn
import torch
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import Tensor, nn
from torch.nn import functional as F

SEED = 0
SPLIT_SEED = 0
EPOCHS = 60
BATCH = 64
LEARNING_RATE = 3e-3

BITS = 4
WEIGHT_LEVELS = 2 ** (BITS - 1) - 1  # 7: symmetric, the code -8 is never used
ACT_LEVELS = 2**BITS - 1  # 15: unsigned

Codes = NDArray[np.int32]


# ---------------------------------------------------------------------------------------------------------------
# Quantisers. Each operation is its own PyTorch call, in this order, because the integer codes depend on where
# float32 rounds: x / alpha * 15 and x / (alpha / 15) disagree at half boundaries.


def round_ste(x: Tensor, training: bool) -> Tensor:
    """Rounds half to even; while training the gradient passes straight through.

    Only while training: in float32 x + (round(x) - x) need not be round(x) to the last bit, and the export should
    hold a Round node and nothing around it.
    """
    if training:
        return x + (torch.round(x) - x).detach()
    return torch.round(x)


def mean_and_std(weight: Tensor) -> Tuple[float, float]:
    """Mean and unbiased (N - 1) standard deviation over the whole tensor, summed in float64, each rounded once.

    Python numbers, for two reasons: no gradient flows through the statistics, and the exporter sees constants, so
    that it can fold the normalisation into the weight tensor.
    """
    values = weight.detach().numpy().astype(np.float64)
    return float(np.float32(values.mean())), float(np.float32(values.std(ddof=1)))


class WeightQuantizer(nn.Module):
    """Signed, symmetric: normalise, divide by wgt_alpha, clamp to [-1, 1], round the magnitude to 7 levels."""

    def __init__(self) -> None:
        super().__init__()
        # In standard deviations, since the weights are normalised first. 3 keeps nearly all of them at the start;
        # training then trades clipping for resolution.
        self.wgt_alpha = nn.Parameter(torch.tensor(3.0))

    def forward(self, weight: Tensor) -> Tensor:
        mean, std = mean_and_std(weight)
        normalized = weight.add(-mean).div(std)
        c = normalized.div(self.wgt_alpha).clamp(min=-1.0, max=1.0)
        magnitude = round_ste(c.abs().mul(float(WEIGHT_LEVELS)), self.training).div(float(WEIGHT_LEVELS))
        return magnitude.mul(c.sign()).mul(self.wgt_alpha)


class QuantConv2d(nn.Conv2d):
    """3x3 convolution, padding 1, without bias, of quantised activations with quantised weights."""

    def __init__(self, in_channels: int, out_channels: int, act_alpha: float) -> None:
        super().__init__(in_channels, out_channels, kernel_size=3, padding=1, bias=False)
        self.weight_quant = WeightQuantizer()
        self.act_alpha = nn.Parameter(torch.tensor(act_alpha))

    def quantize_activation(self, x: Tensor) -> Tensor:
        # No lower clamp: every input here is a pixel or the output of a ReLU, so it is never negative.
        c = x.div(self.act_alpha).clamp(max=1.0)
        return round_ste(c.mul(float(ACT_LEVELS)), self.training).div(float(ACT_LEVELS)).mul(self.act_alpha)

    def forward(self, x: Tensor) -> Tensor:
        weight_q = self.weight_quant(self.weight)
        return F.conv2d(self.quantize_activation(x), weight_q, padding=self.padding)


class DigitsNet(nn.Module):
    """A VGG in miniature: `features` is one Sequential, so that the exported names read /features/features.3/Conv."""

    def __init__(self) -> None:
        super().__init__()
        # act_alpha starts at 1 for pixels, which reach 1, and at 3 behind BatchNorm + ReLU: three standard
        # deviations of what BatchNorm puts out at the start.
        self.features = nn.Sequential(
            *self.conv_block(1, 8, act_alpha=1.0),
            *self.conv_block(8, 16, act_alpha=3.0),
            *self.conv_block(16, 16, act_alpha=3.0),
            nn.MaxPool2d(2),
            *self.conv_block(16, 8, act_alpha=3.0),
            # 8 channels to 8, 4x4 padded to 6x6, and no BatchNorm: an 8x8 array computes this layer in one tile, and
            # convolution + ReLU is all that its output stage has to do.
            QuantConv2d(8, 8, act_alpha=3.0),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.classifier = nn.Linear(8 * 2 * 2, 10)

    @staticmethod
    def conv_block(in_channels: int, out_channels: int, act_alpha: float) -> List[nn.Module]:
        return [QuantConv2d(in_channels, out_channels, act_alpha), nn.BatchNorm2d(out_channels), nn.ReLU()]

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.features(x).flatten(1))

    def quantized_layers(self) -> List[Tuple[str, QuantConv2d]]:
        return [(name, module) for name, module in self.named_modules() if isinstance(module, QuantConv2d)]


# ---------------------------------------------------------------------------------------------------------------
# Data and training


class Split(NamedTuple):
    images: Tensor  # float32 [N, 1, 8, 8], 0..1
    labels: Tensor  # int64 [N]


def load_split() -> Tuple[Split, Split]:
    """The 1797 digits as 1437 for training and 360 for the test, with the classes in equal proportion."""
    digits = load_digits()
    images = (digits.images / 16.0).astype(np.float32)[:, np.newaxis]
    labels = digits.target.astype(np.int64)
    parts = train_test_split(images, labels, test_size=0.2, random_state=SPLIT_SEED, stratify=labels)
    train_images, test_images, train_labels, test_labels = (torch.from_numpy(part) for part in parts)
    return Split(train_images, train_labels), Split(test_images, test_labels)


def shift_randomly(images: Tensor, generator: torch.Generator) -> Tensor:
    """Moves each image by -1, 0 or 1 pixel in both directions: 1437 images are few, and a shifted digit stays one."""
    padded = F.pad(images, (1, 1, 1, 1))
    offsets = torch.randint(0, 3, (len(images), 2), generator=generator).tolist()
    return torch.stack([image[:, dy : dy + 8, dx : dx + 8] for image, (dy, dx) in zip(padded, offsets)])


def train(model: DigitsNet, data: Split) -> None:
    """Trains weights and alphas together, quantised from the first step; the last epoch is kept, whatever it gives.

    The test set takes no part in it: neither for stopping nor for choosing among epochs.
    """
    generator = torch.Generator().manual_seed(SEED)
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    # The step has to shrink to nothing: a code sitting on a rounding boundary would otherwise flip until the end.
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=EPOCHS)
    model.train()
    for epoch in range(EPOCHS):
        total = 0.0
        for batch in torch.randperm(len(data.labels), generator=generator).split(BATCH):
            images = shift_randomly(data.images[batch], generator)
            loss = F.cross_entropy(model(images), data.labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        scheduler.step()
        if (epoch + 1) % 10 == 0:
            print(f'epoch {epoch + 1:3d}: training loss {total / len(data.labels):.4f}')
    model.eval()


def count_correct(model: DigitsNet, data: Split) -> int:
    with torch.no_grad():
        return int((model(data.images).argmax(dim=1) == data.labels).sum())


# ---------------------------------------------------------------------------------------------------------------
# Reference codes, computed a second time in NumPy from the float tensors, so that they do not depend on the
# modules above.


def numpy_weight_codes(layer: QuantConv2d) -> Codes:
    weight = layer.weight.detach().numpy()
    mean = np.float32(weight.mean(dtype=np.float64))
    std = np.float32(weight.std(dtype=np.float64, ddof=1))
    alpha = np.float32(layer.weight_quant.wgt_alpha.item())
    c = np.clip((weight + -mean) / std / alpha, np.float32(-1), np.float32(1))
    return (np.rint(np.abs(c) * np.float32(WEIGHT_LEVELS)) * np.sign(c)).astype('<i4')


def numpy_act_codes(layer: QuantConv2d, x: Tensor) -> Codes:
    c = np.minimum(x.numpy() / np.float32(layer.act_alpha.item()), np.float32(1))
    return np.rint(c * np.float32(ACT_LEVELS)).astype('<i4')


def layer_inputs(model: DigitsNet, images: Tensor) -> Dict[str, Tensor]:
    """What each quantised layer receives, before its own activation quantiser."""
    inputs: Dict[str, Tensor] = {}

    def keep(name: str) -> Callable[[nn.Module, Tuple[Tensor]], None]:
        # A copy: the tensor that a hook sees may be overwritten later.
        return lambda _module, args: inputs.__setitem__(name, args[0].clone())

    hooks = [layer.register_forward_pre_hook(keep(name)) for name, layer in model.quantized_layers()]
    with torch.no_grad():
        model(images)
    for hook in hooks:
        hook.remove()
    return inputs


def check_codes(layer: QuantConv2d, x: Tensor, act_codes: Codes, weight_codes: Codes) -> None:
    """The NumPy codes must be exactly the ones that PyTorch convolves with."""
    with torch.no_grad():
        act_q = layer.quantize_activation(x).numpy()
        weight_q = layer.weight_quant(layer.weight).numpy()
    act_alpha, wgt_alpha = np.float32(layer.act_alpha.item()), np.float32(layer.weight_quant.wgt_alpha.item())
    assert np.array_equal(act_q, act_codes.astype(np.float32) / np.float32(ACT_LEVELS) * act_alpha)
    assert np.array_equal(weight_q, weight_codes.astype(np.float32) / np.float32(WEIGHT_LEVELS) * wgt_alpha)
    assert act_codes.min() >= 0 and act_codes.max() <= ACT_LEVELS and np.abs(weight_codes).max() <= WEIGHT_LEVELS


def sha256(codes: Codes) -> str:
    return hashlib.sha256(codes.astype('<i4').tobytes(order='C')).hexdigest()


def reference(model: DigitsNet, test: Split, correct: int) -> Dict[str, Any]:
    """Numbers for test image 0, run alone, that another implementation can be checked against."""
    inputs = layer_inputs(model, test.images[:1])
    layers = []
    for name, layer in model.quantized_layers():
        act_codes, weight_codes = numpy_act_codes(layer, inputs[name]), numpy_weight_codes(layer)
        check_codes(layer, inputs[name], act_codes, weight_codes)
        layers.append(
            {
                'name': name,
                'node': f'/features/{name}/Conv',
                'act_alpha': layer.act_alpha.item(),
                'wgt_alpha': layer.weight_quant.wgt_alpha.item(),
                'act_shape': list(act_codes.shape[1:]),
                'act_codes_sha256': sha256(act_codes[0]),
                'weight_shape': list(weight_codes.shape),
                'weight_codes_sha256': sha256(weight_codes),
            }
        )
    with torch.no_grad():
        logits = model(test.images[:1])[0].tolist()
    return {
        'codes': 'int32, little-endian, C order: activations [C,H,W] without padding, weights [OC,IC,Kh,Kw]',
        'bits': {'activation': BITS, 'weight': BITS},
        'test': {'correct': correct, 'total': len(test.labels)},
        'image': {'index': 0, 'label': int(test.labels[0]), 'logits': logits},
        'layers': layers,
    }


def print_histograms(model: DigitsNet, test: Split) -> None:
    """A layer whose codes fill only a few levels would make a poor example."""
    inputs = layer_inputs(model, test.images)
    for name, layer in model.quantized_layers():
        act_codes, weight_codes = numpy_act_codes(layer, inputs[name]), numpy_weight_codes(layer)
        check_codes(layer, inputs[name], act_codes, weight_codes)
        print(f'{name}: act_alpha {layer.act_alpha.item():.6f}, wgt_alpha {layer.weight_quant.wgt_alpha.item():.6f}')
        act_counts = np.bincount(act_codes.ravel(), minlength=ACT_LEVELS + 1).tolist()
        print(f'  activation codes 0..15, whole test set: {act_counts}')
        weight_counts = np.bincount(weight_codes.ravel() + WEIGHT_LEVELS, minlength=2 * WEIGHT_LEVELS + 1).tolist()
        print(f'  weight codes -7..7: {weight_counts}')


# ---------------------------------------------------------------------------------------------------------------


def export(model: DigitsNet, path: Path) -> None:
    # BatchNorm stays a node of its own: the exporter merges it only into a convolution whose weight is stored as it
    # is, and here the weight is the result of the quantiser's operators.
    with warnings.catch_warnings():
        # The tracer warns that mean and std become constants, which is what is wanted; and PyTorch 1.13 warns that
        # it cannot infer the shape of the minimum that the activation's Clip does not have.
        warnings.simplefilter('ignore', torch.jit.TracerWarning)
        warnings.filterwarnings('ignore', message='The shape inference of prim::Constant type is missing')
        torch.onnx.export(
            model,
            torch.zeros(1, 1, 8, 8),
            str(path),
            opset_version=13,
            input_names=['image'],
            output_names=['logits'],
            dynamic_axes={'image': {0: 'batch'}, 'logits': {0: 'batch'}},
        )


def main() -> None:
    parser = argparse.ArgumentParser(description='Train and export the digits example.')
    here = Path(__file__).resolve().parent
    parser.add_argument('--out', type=Path, default=here, help='folder to write to (default: the one of this script)')
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)

    # One thread and deterministic kernels: the order of float32 sums, and so the last bit, must not depend on
    # scheduling.
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(SEED)
    print(f'torch {torch.__version__}, scikit-learn {sklearn.__version__}, numpy {np.__version__}')

    train_split, test_split = load_split()
    model = DigitsNet()
    train(model, train_split)
    for name, layer in model.quantized_layers():
        alphas = layer.act_alpha.item(), layer.weight_quant.wgt_alpha.item()
        assert min(alphas) > 0, f'{name}: an alpha is not positive: {alphas}'

    correct, total = count_correct(model, test_split), len(test_split.labels)
    print_histograms(model, test_split)
    print(f'Test set: Accuracy: {correct}/{total} ({100 * correct / total:.2f}%)')

    export(model, out / 'model.onnx')
    np.save(out / 'images.npy', test_split.images.numpy().astype('<f4'))
    np.save(out / 'labels.npy', test_split.labels.numpy().astype('<i8'))
    text = json.dumps(reference(model, test_split, correct), indent=2)
    (out / 'reference.json').write_text(text + '\n', encoding='utf-8')


if __name__ == '__main__':
    main()
