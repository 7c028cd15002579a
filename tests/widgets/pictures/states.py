"""The states in which each widget is looked at: as it comes, moved about, covered, and with what is the learner's own."""

import numpy as np
from test_widgets_table import random_states

import dlcourse as dl
from dlcourse import widgets
from dlcourse.live.widget import Pointer
from pictures.shown import Shown


def own_models():
    rng = np.random.default_rng(0)
    flat = dl.Sequential(dl.Flatten(), dl.Dense(64, 8, activation=dl.tanh, rng=rng), dl.Dense(8, 10, rng=rng))
    maps = dl.Sequential(
        dl.Conv2D(1, 4, 3, activation=dl.relu, rng=rng), dl.MaxPool2D(2), dl.Flatten(), dl.Dense(36, 10, rng=rng)
    )
    return flat, maps


def plane_model(outputs=1):
    rng = np.random.default_rng(0)
    return dl.Sequential(dl.Dense(2, 2, activation=dl.tanh, rng=rng), dl.Dense(2, outputs, rng=rng))


def letters_model():
    rng = np.random.default_rng(0)
    return dl.Sequential(dl.SimpleRNN(27, 8, return_sequences=True, rng=rng), dl.Dense(8, 27, rng=rng))


def own_sweep():
    def run(settings, rng):
        for epoch in range(3):
            yield float("nan") if settings["w"] == 3 else settings["lr"] * settings["w"] + epoch

    space = {
        "lr": dl.spaces.log_uniform(0.01, 1),
        "w": dl.spaces.integers(2, 9),
        "f": dl.spaces.choice(dl.relu, dl.tanh),
    }
    return dl.sweep(run, space, budget=20, rng=np.random.default_rng(0), jobs=1)


STROKES = (((10.0, 6.0), (20.0, 6.0), (14.0, 26.0)),)


def own(name):
    """States with a learner's own function, data or model, and others that only come by hand."""
    w, flat, maps = widgets, *own_models()
    digits = dl.data.digits()
    rows = {
        "DigitPad": lambda: [w.DigitPad(flat, strokes=STROKES), w.DigitPad(flat, example="7"), w.DigitPad(strokes=STROKES)],
        "Measured": lambda: [
            w.Measured({"one": 204_800, "two": 4_096}, limits=(1000, 1e6), written=",.0f", log=True, label="weights", notes={"two": "of one matrix"}),
            w.Measured({"validation digits": 1.9, "learned digits": 0.2}, covers=("learned digits",), limits=(0, 5), written=".1f", label="temperature τ, fitted on", level=(1, "as it was trained")),
            w.Measured(dict.fromkeys("abcdefghi", (0.9, 0.95, 0.92)), covers=("b",), level=(0.5, "guessing"), covered=True, chosen=2),
        ],
        "CourseMap": lambda: [w.CourseMap(lesson=number) for number in ("00", "16", "24")],
        "FitAFunction": lambda: [
            w.FitAFunction(points=[[0.0, 1.0], [1.0, 2.0], [2.0, 0.5]], data="yours", model="line"),
            w.FitAFunction(fit=lambda x, y: lambda new: 0 * new + np.mean(y), model="yours"),
            w.FitAFunction(everyone=True, model="polynomial", degree=9),
        ],
        "NeuronExplorer": lambda: [
            w.NeuronExplorer(function=dl.softplus, activation="yours"),
            w.NeuronExplorer(points=[[0.0, 3.0, 1], [2.0, -1.0, 0], [1.0, 1.0, 1]], data="yours"),
            w.NeuronExplorer(activation="bump"), w.NeuronExplorer(w1=0.0, w2=0.0),
        ],
        "Folds": lambda: [w.Folds(layers=3, target="wave"), w.Folds(target="hat")],
        "Playground": lambda: [
            w.Playground(points=[[0.5, 0.5, 0], [-0.5, 0.2, 1], [0.1, -0.7, 2]], data="yours"),
            w.Playground(data="numbers: slope").step().step(), w.Playground(l2=0.01).step().step().step(), w.Playground(gradients=True),
        ],
        "GradientStep": lambda: [
            w.GradientStep(landscape="two weights").step(), w.GradientStep(landscape="two weights", w=-19.5, b=-13.3), w.GradientStep(landscape="network").step(),
            w.GradientStep(error=lambda v: ((v - 1) ** 2).sum(axis=-1), start=[3.0, 2.0], landscape="yours"),
            w.GradientStep(error=lambda v: ((v - 1) ** 4).sum(axis=-1), start=[2.5], landscape="yours").step(),
        ],
        "EggCarton": lambda: [w.EggCarton(dimensions=1.0), w.EggCarton(dimensions=1000.0, rest=True), w.EggCarton(q=0.5)],
        "LossSlice": lambda: [w.LossSlice(model=flat, data=digits[:60]), w.LossSlice(marker=(2, 9), reach=2.0)],
        "Blame": lambda: [
            w.Blame(expression="loss = maximum(w*x, t)", values={"w": 2.0, "x": 3.0, "t": 1.0}, data=(), gradients=True, revealed=9),
            w.Blame(expression="loss = (w*x - t)**2", values={"w": 2.0, "x": 3.0, "t": 1.0}).step().step(), w.Blame(revealed=9, nudged=(2, 4)),
            w.Blame(expression="u = w + 1; v = w + 3; loss = u * v", values={"w": 1.0}, revealed=9), w.Blame(revealed=14).choose("w1"),
            w.Blame(expression="p = relu(w*x + b); loss = (t - p)**2", values={"w": -0.7, "x": 1.0, "b": 0.3, "t": 1.0}, revealed=9),
            w.Blame.of(dl.squared_error(plane_model()(np.array([[1.0, -0.5]])), np.array([[1.0]]))),
        ],
        "MinibatchFan": lambda: [w.MinibatchFan(model=flat, data=digits[:80]), w.MinibatchFan(replacement=True, batch=64.0)],
        "BatchRace": lambda: [w.BatchRace(progress=60), w.BatchRace(progress=100, axis="examples")],
        "Paths": lambda: [w.Paths(model=plane_model(2), x=(1.0, -0.5)), w.Paths(shown=4, depth=3), w.Paths(shown=5, width=4), w.Paths(depth=10, width=10)],
        "Derivation": lambda: [
            w.Derivation(model=plane_model(2), x=(1.0, -0.5)), w.Derivation(printed=True, shown=4), w.Derivation(depth=3, shown=8),
        ],
        "PathCount": lambda: [w.PathCount(depth=10, width=10), w.PathCount(width=1), w.PathCount(depth=1, width=10)],
        "JacobianMatrix": lambda: [
            w.JacobianMatrix(model=plane_model(2), x=(1.0, -0.5)), w.JacobianMatrix(activation="tanh"),
            w.JacobianMatrix(model=plane_model(1), x=(1.0, -0.5)), w.JacobianMatrix(output=2),
        ],
        "HessianMatrix": lambda: [
            w.HessianMatrix(model=plane_model(2), x=(1.0, -0.5)), w.HessianMatrix(activation="softplus", other=4),
            w.HessianMatrix(depth=2, activation="ReLU"), w.HessianMatrix(depth=2, other=5),
        ],
        "Representation": lambda: [w.Representation(model=plane_model()), w.Representation(way=0.97), w.Representation(way=0.4, network="3")],
        "TwoViews": lambda: [w.TwoViews(model=flat, train=digits[:120], unseen=digits[200:300], epochs=1)],
        "PeekCounter": lambda: [w.PeekCounter(peeks=40), w.PeekCounter(labels="coin flips", peeks=9)],
        "TensorExplorer": lambda: [w.TensorExplorer(array=np.arange(4800.0).reshape(60, 80) / 4800), w.TensorExplorer().key("1"), w.TensorExplorer(operation="one colour").key("2")],
        "Broadcast": lambda: [
            w.Broadcast(a="yours", b="yours").key("1"), w.Broadcast(typed_a="5, 1, 2", typed_b="6, 1"),
            w.Broadcast(typed_a="4 x 1"), w.Broadcast(a="(32, 64)", b="(32,)").key("2"),
            w.Broadcast(a=(2, 1, 3), b=(4, 3)).key("1").replace(stretch=0.4), w.Broadcast().key("1"),
        ],
        "Wiring": lambda: [w.Wiring(model=flat), w.Wiring(model=maps), w.Wiring(wiring="convolutional", shuffled=True), w.Wiring(wiring="recurrent")],
        "Gates": lambda: [
            w.Gates(read=5, unit=3), w.Gates(cell="GRU", read=12, unit=16), w.Gates(cell="GRU", keep=5.0, read=30), w.Gates(keep=8.0, read=30),
        ],
        "Unroll": lambda: [
            w.Unroll(layer=dl.SimpleRNN(27, 8, return_sequences=True, rng=np.random.default_rng(0)), cell="yours"),
            w.Unroll(below="state"), w.Unroll(scale=2.0, letters=60),
        ],
        "NameWriter": lambda: [w.NameWriter(model=letters_model(), cell="yours"), w.NameWriter().step().step().step(), w.NameWriter(start="an")],
        "Convolution": lambda: [
            w.Convolution(image=digits.x[3, :, :, 0], picture="yours"), w.Convolution(kernel=[[0.0, 1.0], [2.0, -1.0]]),
            w.Convolution(stride=3, dilation=2), w.Convolution(relu=True, pool=2), w.Convolution(scanned=500),
        ],
        "ActivationZoo": lambda: [
            w.ActivationZoo(function=lambda x: dl.exp(-x * x), x=0.7), w.ActivationZoo(activation="yours"),
            w.ActivationZoo(beside="ReLU", everyone=True, x=-1.0, layers=50), w.ActivationZoo(activation="softplus", beside="ReLU", reach="400", x=40.0),
            w.ActivationZoo(activation="identity", stretch=2.0, layers=50),
        ],
        "SilentUnits": lambda: [w.SilentUnits(update=1), w.SilentUnits(update=100), w.SilentUnits(update=60, rate="30", then="SGD", beside="ELU")],
        "OptimizerRace": lambda: [
            w.OptimizerRace(lr=1.98, steps=60).keep().replace(optimizer="momentum", lr=3.3, momentum=0.67, steps=25),
            w.OptimizerRace(loss=lambda v: ((v - 1) ** 2).sum(), optimizer="Adam", lr=0.3),
            w.OptimizerRace(own=lambda v, gradient, state: v - 0.3 * gradient, steps=9), w.OptimizerRace(lr=2.5, steps=300),
            w.OptimizerRace(surface="saddle", optimizer="Adam", lr=0.1, steps=0), w.OptimizerRace(optimizer="momentum", steps=300),
        ],
        "MomentumMap": lambda: [w.MomentumMap(lr=3.3, momentum=0.67), w.MomentumMap(kappa="10", lr=4.0), w.MomentumMap(momentum=0.98)],
        "RateFinder": lambda: [
            w.RateFinder(update=96, everyone=True), w.RateFinder(rate=10.0, update=96, optimizer="momentum"),
            w.RateFinder(model=flat, data=digits[:100], update=40, schedule="one cycle"),
            w.RateFinder(length="400", schedule="warm-up", update=20), w.RateFinder(optimizer="Adam", length="25", schedule="step", everyone=True),
        ],
        "LossExplorer": lambda: [
            w.LossExplorer(function=lambda x, y: dl.mean((dl.sigmoid(x) - y) ** 4), steps=250), w.LossExplorer(over="probability", x=1.5, beside="hinge"),
            w.LossExplorer(truth=0.9, x=2.2, loss="absolute error", beside="cross-entropy", steps=100), w.LossExplorer(loss="yours", beside="none", truth=0.0),
            w.LossExplorer(loss="cross-entropy of 10", beside="Huber", over="probability", x=3.0, steps=9),
            w.LossExplorer(function=lambda x, y: dl.mean((x - 8 * y) ** 2), steps=40, truth=0.5),
        ],
        "BestAnswer": lambda: [
            w.BestAnswer(function=lambda x, y: dl.mean(dl.log(1 + (x - y) ** 2)), width=7.0), w.BestAnswer(fit="constant", width=8.0, delta=0.1),
            w.BestAnswer(length=8.0, width=-1.0), w.BestAnswer(length=0.0, width=8.0, delta=3.0),
        ],
        "WhyItWorks": lambda: [
            w.WhyItWorks(model=flat, wide=3), w.WhyItWorks(picture=digits.x[3], model=maps, how="gradient"), w.WhyItWorks(example="an E", speck="8", wide=3, at=(0, 7)),
            w.WhyItWorks(right="untrained", speck="none", how="gradient × pixel", strength=True), w.WhyItWorks(example="empty", speck="none"), w.WhyItWorks(wide=2, at=(7, 0)).key(" "),
        ],
        "Prune": lambda: [
            w.Prune(gone=40), w.Prune(gone=100, order="largest first", example="an E"), w.Prune(gone=20, network="by heart", order="by chance").draw_again(),
            w.Prune(model=flat, gone=3), w.Prune(model=maps, gone=36, picture=digits.x[3]), w.Prune(gone=128).key(" "), w.Prune(network="by heart"),
        ],
        "Neighbours": lambda: [
            w.Neighbours(by=0.1), w.Neighbours(by=0.3, example="an E"), w.Neighbours(model=maps, picture=digits.x[3]), w.Neighbours(network="untrained", by=0.05).key(" "),
            w.Neighbours(example="empty"),
        ],
        "SmallStep": lambda: [
            w.SmallStep(model=flat), w.SmallStep(picture=digits.x[3], by=0.3), w.SmallStep(way="by lot", by=0.0), w.SmallStep(example="an E", by=0.25),
        ],
        "InitExplorer": lambda: [
            w.InitExplorer(initializer=dl.he_uniform, activation="ReLU", depth=50), w.InitExplorer(weights="zeros", depth=8).step(),
            w.InitExplorer(weights="constant", depth=2, width=16).step(), w.InitExplorer(weights="spread 1", activation="none", depth=50, layer=3),
            w.InitExplorer(weights="spread 1", activation="ReLU", depth=50).step().step(),
        ],
        "Regularize": lambda: [
            w.Regularize(penalty="L1", against="λ"), w.Regularize(degree=300), w.Regularize(degree=300, basis="Tₖ", penalty="L1", strength=0.03),
            w.Regularize(points=np.column_stack([np.arange(24.0), np.sin(np.arange(24) / 4) * 30])), w.Regularize(degree=1),
            w.Regularize(penalty="L1+L2", strength=10.0, degree=3), w.Regularize(penalty="L1+L2", against="λ", second=0.3), w.Regularize(penalty="L2", strength=1e-5, examples=40),
        ],
        "Contact": lambda: [
            w.Contact(penalty="L2"), w.Contact(penalty="L1+L2", angle=-40.0, best=(-0.5, 1.6)), w.Contact(strength=0.0), w.Contact(strength=2.0, best=(0.3, 0.1)),
            w.Contact(best=(0.1, 1.5), angle=0.0),
        ],
        "DropoutMasks": lambda: [
            w.DropoutMasks(picture=digits.x[3], n=30), w.DropoutMasks(example="an E", n=1000, look="shares"), w.DropoutMasks(divided=False, n=200),
            w.DropoutMasks(p=0.0), w.DropoutMasks(p_pixels=0.5, p=0.0, n=40), w.DropoutMasks(p=0.9, p_pixels=0.9, n=1000),
        ],
        "DropoutTraining": lambda: [w.DropoutTraining(epoch=40), w.DropoutTraining(epoch=20, p_pixels="0.5", labels="a fifth wrong"), w.DropoutTraining(data=digits[:80], epoch=9)],
        "FeatureMaps": lambda: [w.FeatureMaps(model=maps), w.FeatureMaps(selected=(1, 5))],
        "Sweep": lambda: [
            w.Sweep(result=own_sweep()), w.Sweep(result=own_sweep()).replace(picked=3),
            w.Sweep().replace(strategy="random").step().step().step(),
            w.Sweep().replace(strategy="random", done=False).step().step().replace(brush=("lr", 1e-3, 0.05, 0.5, 1.0)),
            w.Sweep(strategy="random", budget=27).replace(strategy="halving").step().step(),
        ],
        "SoftmaxBars": lambda: [
            w.SoftmaxBars(model=flat, example="an E"), w.SoftmaxBars(scores=[40.0, -3.0, 0.2, 1.0, 39.0, 7.5, 2.0]), w.SoftmaxBars(shift=100.0),
            w.SoftmaxBars(look="Jacobian").choose(1).pull(4.0), w.SoftmaxBars(look="Jacobian", example="an E", temperature=5.0).choose(3).pull(6.0),
            w.SoftmaxBars(example="two scores", look="Jacobian").pull(-5.0), w.SoftmaxBars(shift=-120.0, temperature=0.3),
        ],
        "Translate": lambda: [
            w.Translate(model=maps, input_shape=(8, 8, 1), chosen=3), w.Translate(network="recurrent"), w.Translate(network="recurrent", library="Keras"),
            w.Translate(library="Keras", chosen=1).add(), w.Translate(library="JAX"), w.Translate(network="convolutional", chosen=4),
            w.Translate(model=dl.Sequential(*(layer for _ in range(6) for layer in (dl.Dense(4, 4, rng=np.random.default_rng(0)), dl.tanh))), chosen=10),
        ],
        "ReliabilityDiagram": lambda: [
            w.ReliabilityDiagram(model=flat, validation=digits[:100], unseen=digits[100:400]), w.ReliabilityDiagram().fit(),
            w.ReliabilityDiagram(epochs=1), w.ReliabilityDiagram(epochs=3, temperature=5.0),
        ],
        "Clinic": lambda: [
            w.Clinic(number=21).order(), w.Clinic(number=21, diagnosis="dead ReLUs"), w.Clinic(number=3, test="loss at the start").order().replace(diagnosis="dead ReLUs").treat(),
            w.Clinic(number=6).order(), w.Clinic(number=4).order(), w.Clinic(number=39, test="activations").order(),
            w.Clinic(number=9, test="gradients per layer").order(), w.Clinic(number=11, test="train against eval").order(),
            w.Clinic(number=1, test="overfit one batch").order(), w.Clinic(number=20, test="predictions").order(),
            w.Clinic(number=5, test="updates against weights").order(), w.Clinic(number=17, test="loss at the start").order(),
            w.Clinic(model=flat, data=digits[:120], test="learning curve").order(),
        ],
    }  # fmt: skip
    return rows[name]() if name in rows else []


def touched(state, shown):
    """The state after a hand has moved over its picture, pressing here and there."""
    for axes in shown.figure.axes:
        (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
        for kind, x, y in (("down", 0.3, 0.6), ("drag", 0.45, 0.4), ("up", 0.45, 0.4), ("hover", 0.7, 0.3)):
            state = state.pointer(
                Pointer(kind, axes.get_label(), left + x * (right - left), bottom + y * (top - bottom))
            )
    return state


def states(kind, random=1):
    """(name, picture) of one state after another."""
    first = kind()
    shown = Shown(first)
    yield "first", shown
    yield "narrow", Shown(first, narrow=True)
    yield "covered", Shown(first.replace(covered=True))
    yield "touched", Shown(touched(first, shown))
    for number, state in enumerate(own(kind.__name__)):
        yield f"own {number}", Shown(state, narrow=number == 1)
    if first.evolves():
        state = first
        for _ in range(6):
            state = state.step()
        yield "stepped", Shown(state)
    for number, state in enumerate(random_states(kind, random + 1, seed=7)):
        if number:
            yield f"random {number}", Shown(state)
