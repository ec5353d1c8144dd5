"""Networks of Keras with drawn weights, through tf2onnx."""

import numpy as np
import tensorflow as tf
import tf2onnx

from architectures_common import CODES, SIDE, SPREAD, note, picture, tensor


def settled(maker):
    """With statistics of pictures in its normalisations, and scores that spread over the classes."""
    trunk = maker(weights=None, include_top=False, input_shape=(SIDE, SIDE, 3), pooling="avg")
    scores = tf.keras.layers.Dense(len(CODES), name="scores")(trunk.output)
    net = tf.keras.Model(trunk.input, scores)
    pictures = np.concatenate([tensor(picture(seed), True) for seed in range(8)])
    for layer in net.layers:
        if isinstance(layer, tf.keras.layers.BatchNormalization):
            # Those of these pictures alone: a rest of the 1 that they begin with would quench every layer.
            layer.momentum = 0.0
    net(pictures, training=True)
    found = net(pictures, training=False).numpy()
    weights, bias = net.layers[-1].get_weights()
    factor = SPREAD / found.std(0).mean()
    net.layers[-1].set_weights([weights * factor, bias - found.mean(0) * factor])
    return net


def export(net, path):
    spec = (tf.TensorSpec((None, SIDE, SIDE, 3), tf.float32, name="image"),)
    reading = tf.function(lambda image: {"scores": net(image, training=False)})
    tf2onnx.convert.from_function(reading, spec, opset=17, output_path=str(path))


def of_keras(out):
    """One entry a network, channels last. A file that is there already is only read and timed."""
    tf.keras.utils.set_random_seed(1)
    makers = {"keras_mobilenet_v2": tf.keras.applications.MobileNetV2, "keras_resnet50": tf.keras.applications.ResNet50}
    for name, maker in makers.items():
        path = out / f"{name}_tf2onnx_17_open.onnx"
        if not path.exists():
            export(settled(maker), path)
        entry = {"name": path.stem, "family": name.removeprefix("keras_"), "trainer": "Keras", "exporter": "tf2onnx", "opset": 17,
                 "batch": "open"}
        yield note(out, entry, "nhwc", "logits", len(CODES))
