"""The table of what can be wrong: one row a cause, in the order in which causes come before their consequences.

To add one, write a function that takes an `Exam` and returns what it saw, in numbers, or "", and give it a row here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from dlcourse.diagnosis import axes, broken, data, dealing, outputs, own_step, rates, results, splits, start, wiring
from dlcourse.diagnosis.exam import Exam

__all__ = ["NAMES", "TABLE", "Check"]


class Check(NamedTuple):
    """One cause to look for.

    Attributes
    ----------
    name : str
        Of the finding.
    look : callable
        Exam -> what was seen, or "". It raises Skipped where it cannot look.
    why, advice, code : str
        What the finding says besides.
    alone : bool
        Whether to look only where nothing was found before: what a training comes to has its cause in whatever is wrong with it.
    unless : tuple of str
        Findings that explain what this one would see.
    ends : bool
        Whether nothing else can be measured where this was found.
    """

    name: str
    look: Callable[[Exam], str]
    why: str
    advice: str
    code: str
    alone: bool = False
    unless: tuple[str, ...] = ()
    ends: bool = False


TABLE = (
    Check(
        "NaN or infinity", broken.no_numbers,
        "One number that is none turns every weight into NaN at the first step.",
        "Look at the operation named above: no logarithm or root of 0 or less, no division by 0, no exp of large numbers. Add 1e-8 inside, or use the loss of the library, which is computed safely from logits.",
        "np.isfinite(x).all(), np.isfinite(dl.predict(model, x)).all()", ends=True,
    ),
    Check(
        "batch larger than the data", broken.batch_larger_than_the_data,
        "Each epoch is one step on all examples, so there are far fewer steps than the number of epochs suggests.",
        "Take a batch size of 16 to 64, or at most the number of examples, and count steps, not epochs.",
        "len(train), len(train.batches(batch_size))",
    ),
    Check(
        "batches of one with batch normalization", broken.batches_of_one,
        "Batch normalization divides by the spread of a batch, and one example has none.",
        "Take larger minibatches, leave the last small one out with drop_last=True, or use LayerNorm, which looks at one example at a time.",
        "for x, y in train.batches(batch_size): print(len(x))",
    ),
    Check(
        "softmax twice", outputs.softmax_twice,
        "Softmax of probabilities is nearly flat: the loss cannot come near 0, and the gradient is small exactly where the network is wrong.",
        "Take the softmax out of the model. dl.cross_entropy wants logits; to show probabilities, apply dl.softmax afterwards.",
        "out = dl.predict(model, x[:8]); out.sum(axis=1)   # all 1: probabilities already",
    ),
    Check(
        "sigmoid before a loss from logits", outputs.sigmoid_before_logits,
        "The loss applies sigmoid itself. Twice it turns 0 … 1 into 0.5 … 0.73: “no” cannot be said any more.",
        "Take the sigmoid out of the model's last layer; a logit above 0 means yes.",
        "out = dl.predict(model, x); out.min(), out.max()   # logits go below 0 and above 1",
    ),
    Check(
        "labels off by one", data.off_by_one,
        "Classes are positions of outputs, and positions begin at 0: every label points to its neighbour's output, and the first is never right.",
        "Subtract 1 from the labels.",
        "y.min(), y.max()   # 0 and the number of classes minus 1 are expected",
    ),
    Check(
        "loss does not fit the targets", outputs.loss_does_not_fit,
        "A loss says which mistakes are near misses. This one says it of answers to which that does not apply.",
        "For classes use dl.cross_entropy with one output per class; for amounts and counts dl.squared_error or dl.huber with a single output.",
        "y.dtype, np.unique(y)",
    ),
    Check(
        "wrong axis", axes.wrong_axis,
        "Each example should be judged by its own answer and by nothing else. Here the examples of a batch are mixed, and what is learned is an average.",
        "Print the shapes of prediction and truth before the loss: both (N,), or both (N, 1). Softmax and means over features go along axis -1; axis 0 is the batch.",
        "prediction.shape, y.shape, (prediction - y).shape",
    ),
    Check(
        "weights frozen", wiring.frozen,
        "What asks for no gradient stays at its random start, and the rest has to make do with it.",
        "Set requires_grad = True for them, and make them dl.Parameter. If they are frozen on purpose, they should come from a trained network.",
        "[(name, p.requires_grad) for name, p in model.named_parameters().items()]",
    ),
    Check(
        "parameters that no gradient reaches", wiring.unreached,
        "What gets no gradient is not learned.",
        "Compute with tensors from the input to the loss, without .data, .detach() or NumPy in between, and use each layer in forward.",
        "loss.backward(); [(name, p.grad is None) for name, p in model.named_parameters().items()]",
    ),
    Check(
        "optimizer holds other parameters than the model", wiring.other_parameters,
        "The optimizer moves what it was given when it was made, and the model computes with something else.",
        "Make the optimizer after the model is complete, from model.parameters().",
        "{id(p) for p in model.parameters()} <= {id(p) for p in optimizer.parameters}",
    ),
    Check(
        "gradients not zeroed", own_step.gradients_not_zeroed,
        "backward() adds to the gradient that is there, so each step goes in the direction of all steps before, and overshoots.",
        "Call optimizer.zero_grad() before each loss.backward().",
        "step(x, y); [float(abs(p.grad).max()) for p in model.parameters() if p.grad is not None]   # grows from step to step",
    ),
    Check(
        "update in the wrong direction", own_step.wrong_direction,
        "The gradient points uphill, where the loss grows. Every step makes it worse.",
        "Subtract: p.data -= lr * p.grad, with a rate above 0.",
        "before = loss_of(x, y); step(x, y); loss_of(x, y) - before   # should be below 0",
    ),
    Check(
        "learning rate zero or negative", own_step.zero_rate,
        "A step is rate times gradient: with 0 nothing happens, below 0 it goes uphill.",
        "Give a rate above 0, and look at what the schedule says: [schedule(t) for t in range(100)].",
        "before = [p.data.copy() for p in model.parameters()]; step(x, y)\n[float(abs(p.data - b).max()) for p, b in zip(model.parameters(), before)]",
        unless=("optimizer holds other parameters than the model",),
    ),
    Check(
        "the same batch every time", own_step.same_batch,
        "The network learns these few examples by heart and sees no others.",
        "Deal out the batches in the loop, for x, y in train.batches(32, rng=rng), and compute with that x and y.",
        "(x1, y1), (x2, y2) = list(train.batches(32, rng=rng))[:2]; np.array_equal(x1, x2)",
    ),
    Check(
        "batches sorted by class", dealing.sorted_batches,
        "Each step teaches one class and forgets the others: the gradient of a batch no longer stands for the whole.",
        "Shuffle: train.batches(32, rng=rng).",
        "for x, y in batches: print(np.unique(y))",
    ),
    Check(
        "inputs not scaled", data.unscaled,
        "A weight's gradient is proportional to its input. A rate that suits the large feature leaves the small one where it is, and a rate for the small one explodes.",
        "Bring each feature to mean 0 and deviation 1 with the statistics of the training data: dl.data.standardize(train, validation).",
        "abs(x).max(axis=0)",
    ),
    Check(
        "dropout or batch normalization left in training mode", axes.training_mode,
        "At prediction time the same input should get the same answer, whoever else is in the batch.",
        "Call model.eval() before predicting, hold every layer as an attribute of a Module, and ask for self.training in layers of your own.",
        "np.array_equal(dl.predict(model, x[:8]), dl.predict(model, x[:8]))",
    ),
    Check(
        "activation on the output cannot reach the targets", outputs.unreachable,
        "No weights give what is asked for: the loss has a floor, and the units sit at the end of their activation, where the slope is 0.",
        "Leave the activation of the last layer out, or scale the answers into its range.",
        "out = dl.predict(model, x); (out.min(), out.max()), (y.min(), y.max())",
    ),
    Check(
        "validation data leaked into training", splits.leaked,
        "The validation data should say how it goes with examples that were never seen. These were, so the number is too good.",
        "Split first. Then remove duplicates, and scale with the statistics of the training part alone.",
        "len({row.tobytes() for row in train.x} & {row.tobytes() for row in validation.x})",
    ),
    Check(
        "training and validation from different distributions", splits.other_source,
        "What is learned from one is asked for in the other: a bad validation loss says nothing about the network then.",
        "Mix all examples and split at random, or collect training data like those that will come.",
        "train.x.mean(axis=0) - validation.x.mean(axis=0)",
    ),
    Check(
        "labels shuffled against inputs", data.shuffled,
        "A network can learn such answers by heart, and foretell none.",
        "Look at ten examples with their answers by eye. Sort and shuffle x and y together: order = rng.permutation(len(x)); x[order], y[order].",
        "nearest = ((x[0] - x[1:]) ** 2).sum(axis=1).argmin() + 1; y[0], y[nearest]",
    ),
    Check(
        "label noise above a fifth", data.noisy_labels,
        "The network is punished for being right. In the end it learns the wrong labels by heart.",
        "Look at the examples where a simple predictor is sure and the label says otherwise, and correct them; stop early.",
        "probabilities = dl.softmax(dl.predict(model, x)).data\nnp.argsort(probabilities[np.arange(len(y)), y])[:20]   # the most doubtful labels",
        unless=("labels shuffled against inputs", "loss does not fit the targets", "labels off by one"),
    ),
    Check(
        "one class missing", data.missing_class,
        "What is never shown is never learned; its output is only ever pushed down.",
        "Count the classes in each part, and split with stratified=True.",
        "np.bincount(y, minlength=outputs)",
        unless=("loss does not fit the targets", "labels off by one"),
    ),
    Check(
        "classes out of balance", data.out_of_balance,
        "A network that never looks at its input is nearly always right: accuracy says nothing, and the rare class is hardly learned.",
        "Count dl.recall per class instead of accuracy, and weigh the classes in the loss: class_weights, one over their shares.",
        "np.bincount(y) / len(y)",
    ),
    Check(
        "constant features", data.constant_features,
        "A feature that never varies tells no example from another. If it should vary, something went wrong on the way here.",
        "Look at where it was computed, or leave it out.",
        "np.flatnonzero(x.std(axis=0) == 0)",
    ),
    Check(
        "too much regularization", results.too_much_regularization,
        "The penalty weighs more than the data: the best for both together is a network that says nearly the same to all.",
        "Choose λ on validation data, among powers of ten that begin far lower, and p of dropout at most 0.5.",
        "history.loss[-1], history.regularization[-1]", True,
    ),
    Check(
        "learning rate too high", rates.flown_apart,
        "The steps jump over the valley and land higher than they began.",
        "Take a tenth, and a tenth again until the loss falls smoothly; dl.find_lr measures it.",
        "dl.find_lr(model, train, loss=loss, optimizer=optimizer, batch_size=32, rng=rng)",
    ),
    Check(
        "all weights equal at the start", start.all_equal,
        "Units with equal weights compute the same, get the same gradient, and remain equal: a layer of 100 is a layer of 1.",
        "Draw the weights at random; dl.Dense does it by itself (Glorot uniform).",
        "model.parameters()[0].data.std(axis=-1)",
    ),
    Check(
        "dead ReLUs", start.dead_units,
        "Where a ReLU is 0 its slope is 0 too: it gets no gradient and cannot come back.",
        "Start again with a smaller learning rate and biases at 0, or use leaky ReLU; He initialization suits ReLU.",
        "(hidden(x).data == 0).all(axis=0).mean()   # share of units that are never on",
    ),
    Check(
        "weights far too large at the start", start.too_large,
        "The first answers are wild and sure, units are saturated, and the first hundred steps only undo that.",
        "Use the initializers of the library: deviation about one over the root of the number of inputs.",
        "[float(p.data.std() * np.sqrt(p.shape[0])) for p in model.parameters() if p.ndim > 1]   # about 1",
    ),
    Check(
        "weights far too small at the start", start.too_small,
        "Each layer shrinks what comes in, and on the way back the gradient as well: nothing of the input arrives, and nothing of the error returns.",
        "Use the initializers of the library: deviation about one over the root of the number of inputs.",
        "[float(p.data.std() * np.sqrt(p.shape[0])) for p in model.parameters() if p.ndim > 1]   # about 1",
    ),
    Check(
        "exploding gradient", start.exploding,
        "Each layer, or each step in time, multiplies the gradient. The first layers get steps that throw them far away.",
        "Clip it: dl.Adam(model.parameters(), 1e-3, clip_norm=1.0). Start with smaller or orthogonal weights; use LSTM or GRU, or a norm layer.",
        "loss.backward(); [float(np.linalg.norm(p.grad)) for p in model.parameters()]",
    ),
    Check(
        "vanishing gradient", start.vanishing,
        "Each layer, or each step in time, takes a part of the gradient away. The first ones do not learn.",
        "Use ReLU instead of sigmoid, He or Glorot weights, a norm layer, fewer layers; for sequences LSTM or GRU.",
        "loss.backward(); [float(np.linalg.norm(p.grad)) for p in model.parameters()]", True,
    ),
    Check(
        "NaN or infinity", broken.numbers_lost,
        "One number that is none turns every weight into NaN at the first step.",
        "Look at the operation named above: no logarithm or root of 0 or less, no division by 0, no exp of large numbers. Add 1e-8 inside, or use the loss of the library, which is computed safely from logits.",
        "np.isfinite(x).all(), np.isfinite(dl.predict(model, x)).all()", True,
    ),
    Check(
        "learning rate too high", rates.too_high,
        "The steps jump over the valley and land higher than they began.",
        "Take a tenth, and a tenth again until the loss falls smoothly; dl.find_lr measures it.",
        "dl.find_lr(model, train, loss=loss, optimizer=optimizer, batch_size=32, rng=rng)", True,
    ),
    Check(
        "parameters that never move", wiring.never_moved,
        "Their gradient is exactly 0: whatever they do does not reach the loss.",
        "Look at what stands between them and the loss: a unit that is always 0, a sign, an argmax, a comparison.",
        "[(name, float(abs(p.grad).max())) for name, p in model.named_parameters().items()]", True,
    ),
    Check(
        "learning rate far too low", rates.too_low,
        "At this pace it takes days to get where a larger rate gets in a minute.",
        "Multiply it by 10 until the loss becomes unstable, and go back one; dl.find_lr measures it.",
        "dl.find_lr(model, train, loss=loss, optimizer=optimizer, batch_size=32, rng=rng)", True,
    ),
    Check(
        "overfits", results.overfits,
        "What it has learned are the examples, not what they have in common.",
        "More data, a smaller network, L2, dropout, or stop when the validation loss is lowest: dl.EarlyStopping.",
        "dl.accuracy(model, train), dl.accuracy(model, validation)", True,
    ),
    Check(
        "too few updates", results.too_few_updates,
        "The loss was still on its way down: nothing is wrong but the end came too soon.",
        "More epochs, or smaller minibatches, which make more steps of an epoch.",
        "len(history.batch_losses), history.loss", True,
    ),
    Check(
        "too small to fit", results.too_small,
        "What it would have to say cannot be said with so few weights: more training does not help.",
        "More units, or one more layer with a nonlinear activation between.",
        "sum(p.size for p in model.parameters()), history.loss", True,
    ),
    Check(
        "a step fails", broken.step_fails,
        "A training that stops with an error learns nothing.",
        "Read the message: it names the operation, the shapes, and what usually causes it.",
        "x, y = next(iter(train.batches(4))); loss(model(x), y).backward()", True,
    ),
)  # fmt: skip

NAMES = tuple(dict.fromkeys(check.name for check in TABLE))
