"""What the usual errors of Python and NumPy mean, for those who meet them the first time, and what to do.

The words of an error name what the machine could not do. The advice names what the learner most likely meant. Messages
of the course itself teach already and get none.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Iterable

from dlcourse.errors import CourseError, closest, joined

__all__ = ["advise", "tidy"]

_SHAPES = "Print both shapes: is one of the two another array than you meant, or on the wrong side of the @?"
_TABLE: tuple[tuple[str, str], ...] = (
    (r"matmul: Input operand \d does not have enough dimensions", "@ needs arrays on both sides, and one of the two is a plain number. A number is multiplied with *."),
    (r"matmul: Input operand|not aligned", "In a @ b (and np.dot) the last axis of a must be as long as the first of b. " + _SHAPES),
    (r"non-broadcastable output operand", "a += b keeps the shape of a, and b is larger. Write a = a + b, or add the right axis up first."),
    (r"could not broadcast input array", "What stands on the right of = does not fit into the place on the left. Print both shapes: is an index missing on the left, or a sum or a mean too much or too little on the right?"),
    (r"could not be broadcast|shape mismatch", "Shapes are aligned at their last axes, and there they must be equal, or one of them 1. Print both shapes."),
    (r"all input arrays must have the same shape", "np.stack lays arrays of one shape side by side, and yours differ. Print the shape of each."),
    (r"must match exactly|must have same number of dimensions", "np.concatenate joins arrays that agree in all axes but one. Print the shape of each."),
    (r"cannot reshape array", "A reshape keeps every number, so the sizes you ask for must multiply to what is there. Print the shape before: is something to be cut off first?"),
    (r"inhomogeneous shape", "Arrays of different shapes do not fit into one. Where a list or tuple of arrays came in or came back, take out one at a time."),
    (r"setting an array element with a sequence", "One place of an array holds one number, and an array was put there. Is a sum, a mean or an @ missing on the right, or an index on the left?"),
    (r"truth value of an array", "`if`, `and`, `or`, `not`, max(…) and min(…) want one True or False, and an array has one for each entry. "
     "Compare entry by entry: np.maximum(a, b), np.where(condition, a, b), & and |. If one answer is meant, ask np.all(…) or np.any(…)."),
    (r"probabilities contain NaN", "A NaN in p comes from 0 / 0 or from inf / inf: was np.exp taken of a very large number, or was it divided by a sum of 0? np.exp(z - np.max(z)) cannot overflow and gives the same shares."),
    (r"probabilities are not non-negative", "Probabilities are never negative. Logits may be: take np.exp of them, and divide by the sum."),
    (r"probabilities do not sum to 1", "The probabilities must add up to 1: divide them by their sum."),
    (r"a and p must have same size", "rng.choice(len(p), p=p): there must be as many things to choose from as probabilities."),
    (r"larger sample than population", "Without putting back (replace=False) one cannot draw more than there are. Which number of examples is meant?"),
    (r"'(numpy\.ndarray|float|int|numpy\.float64|numpy\.int64|list|tuple|Tensor|NoneType|str|bool|numpy\.bool)' object is not callable",
     "Something that is no function has parentheses behind it. Is a * missing before a parenthesis, 2 (a + b), or are square brackets meant, a[i]? Or has a variable got the name of a function?"),
    (r"bitwise_xor", "^ is no power in Python. A square is ** 2."),
    (r"arrays to stack must be passed", "np.stack and np.concatenate want a list of arrays: np.stack([… for … in …]), with square brackets."),
    (r"ArrayFunctionDispatcher|'numpy\.ufunc'|'builtin_function_or_method'|'function'|'method'", "A function stands there where its value belongs. It is called with parentheses and its argument, f(x)."),
    (r"'module' object is not callable", "That is a whole module. Which function of it do you mean: np.…?"),
    (r"only integer scalar arrays|list indices must be integers|tuple indices must be integers|slice indices must be integers", "An index, a size or a count must be one whole number, and an array or a fraction stands there. Is it the place (np.argmin, range) or the value that you need? Whole division is //, and round(…) makes a whole number."),
    (r"must be real number, not (numpy\.)?ndarray|only length-1 arrays|only 0-dimensional arrays|must be a real number, not", "float(…), int(…) and the functions of math take one number, and an array stands there. NumPy's own work on whole arrays: np.exp, np.sqrt, np.tanh, np.round."),
    (r"must be real number, not", "The functions of math take one number. NumPy's work on arrays too: np.exp, np.sqrt, np.tanh."),
    (r"only integers, slices|arrays used as indices must be of integer", "An index must be a whole number, a slice or an array of whole numbers, and yours has a decimal point. // divides without one, and int(…) cuts it off."),
    (r"boolean index did not match", "A mask picks along the axis that it was made for, so it must be as long as that axis. Print both shapes."),
    (r"cannot be interpreted as an integer|expected a sequence of integers", "A whole number is needed there: range, sizes and repetitions count. / always gives a decimal number, // a whole one."),
    (r"index .*out of (bounds|range)|out of bounds for axis|index out of range", "Places are counted from 0, so the last one of n is n − 1. Does the loop run too far, or over the wrong axis?"),
    (r"too many indices for array", "The array has fewer axes than the index has parts. Print its shape: did an axis disappear before?"),
    (r"axis -?\d+ is out of bounds", "The array has fewer axes than that: a vector has only axis 0, a number none. np.maximum(a, b) compares two arrays; the second argument of np.max, np.sum and np.mean is the axis."),
    (r"invalid index to scalar variable|object is not subscriptable", "Square brackets look something up, and what stands before them is one number, None or a function. Did a line before return less than you think? A function is called with parentheses."),
    (r"unexpected keyword argument", "The function knows no setting of that name. help(…) of it lists those it has."),
    (r"missing \d+ required positional argument", "The call passes too few values. Each argument of the function needs one, in its order."),
    (r"takes .*positional arguments? but \d+ (was|were) given", "The call passes too many values. Several arrays or sizes often belong into one list or tuple: np.zeros((2, 3)), np.stack([a, b])."),
    (r"NoneType", "One of the values is None. Is a None of the stub still there, or does a function that you call have no return? append, sort and shuffle change in place and return None."),
    (r"RecursionError", "The function calls itself without end. Which call is the last one, that does not call again? It must be reached, so pass something smaller each time."),
    (r"ZeroDivisionError", "Something is divided by 0. Which of the inputs makes the divisor 0, and should it be another number?"),
    (r"OverflowError", "A number became too large. Does a loop multiply too often, or does exp get a large positive number where a minus is missing?"),
    (r"has no len\(\)|len\(\) of unsized object", "len(…) counts what is in a list or an array, and this is one number."),
    (r"object is not iterable|iteration over a 0-d array|'numpy\..*' object is not iterable", "A loop (or sum, zip, unpacking) goes through many values, and this is one number. To count up, loop over range(n)."),
    (r"cannot unpack|not enough values to unpack|too many values to unpack", "On the left of = stand as many names as there are values on the right. Print what comes: how many are they?"),
    (r"unsupported operand type\(s\) for .*'(list|tuple|dict|generator|function|str)'", "Lists, tuples, texts and functions do not calculate. np.array(…) makes numbers of a list; a function is called with parentheses."),
    (r"unsupported operand type\(s\)", "These two kinds of value cannot be combined. Print type(…) of both."),
    (r"'<?[<>]=?' not supported between", "These two kinds of value cannot be compared. Print type(…) of both."),
    (r"can't multiply sequence by non-int|can only concatenate|must be str", "A list or a text was multiplied or joined as if it were numbers. np.array(…) makes numbers of a list."),
    (r"'(str|int|float|bool|NoneType)' object has no attribute", "What stands before the point is a plain value and no array. Print type(…) of it: what must be made of it first (np.array, np.dtype)?"),
    (r"'(numpy\.)?ndarray' object has no attribute", "Arrays have .shape, .sum(), .mean(), .max(), .argmax(), .T and others; dir(…) lists them. Methods of lists (index, append) they lack: np.argmax, np.flatnonzero and np.append do it."),
    (r"'(list|tuple)' object has no attribute", "Lists and tuples have no shape, .T, .sum … np.array(…) makes an array of one."),
    (r"does not support item assignment", "Tuples and single numbers cannot be changed. Start with an array, np.zeros(…), or a list."),
    (r"Cannot cast ufunc", "The array on the left holds whole numbers and cannot take the fractions in place. Write a = a + …, which makes a new array of floats."),
    (r"read-only", "That array may be read and not changed. Start with .copy()."),
    (r"zero-size array|of an empty sequence|arg is an empty sequence|iterable argument is empty", "There is nothing in it: a slice or a mask left no entry. Print the shape before."),
    (r"need at least one array", "The list of arrays is empty. Was append forgotten, or does the loop never run?"),
    (r"[01]-dimensional array given", "The functions of np.linalg take matrices, and a vector or a number came in. Print its shape."),
    (r"Singular matrix", "The equations have no single solution. np.linalg.lstsq finds the best one all the same."),
    (r"must be square", "Only square matrices have an inverse, eigenvalues or a determinant. Print the shape."),
    (r"unhashable type", "An array or a list cannot be put into a set or be the key of a dict. tuple(…) of it can."),
    (r"could not convert string", "A text stands where a number belongs: quotes make a text of everything."),
    (r"local variable '?\w+'? .*(where it is not associated|before assignment)|referenced before assignment", "The name gets its value only further down, or in a branch that was not taken. Give it a first value before the loop or the if."),
    (r"KeyError", "The dict has no such key. Print its keys; upper and lower case differ."),
    (r"AssertionError", "An assert of your own did not hold. What does it look at?"),
    (r"MemoryError|Unable to allocate", "The array would be larger than the memory. Do two axes multiply that should not?"),
    (r"No module named", "That library is not installed here. np and dl are enough."),
    (r"not enough values|Mismatched|einstein|einsum|operand has more dimensions", "In np.einsum each array gets one letter per axis, and equal letters must have equal sizes. Print the shapes."),
)  # fmt: skip


def tidy(text: str, limit: int = 300) -> str:
    """An error's text without addresses and without endless numbers, cut where it is too long.

    Examples
    --------
    >>> tidy("bad operand <function f at 0x7f3a90>: " + "9" * 60)
    'bad operand <function f>: 99999999…99999999'
    """
    text = re.sub(r" at 0x[0-9A-Fa-f]+", "", text)
    text = re.sub(r"\d{40,}", lambda digits: f"{digits[0][:8]}…{digits[0][-8:]}", text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def advise(error: BaseException, names: Iterable[str] = (), calls: Iterable[str] = ()) -> str:
    """What an error most likely means, or "" where nothing is known.

    Parameters
    ----------
    error : the error that an answer raised
    names : the arguments of the answer
    calls : the names of functions that it calls

    Examples
    --------
    >>> advise(ZeroDivisionError("division by zero")).split(".")[0]
    'Something is divided by 0'
    >>> advise(NameError("name 'weight' is not defined", name="weight"), ["x", "weights"])
    'There is no weight in your function. Did you mean weights? Its arguments are x, weights.'
    """
    if isinstance(error, CourseError):
        return ""
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
        return _unknown_name(error, list(names))
    if isinstance(error, AttributeError) and (said := _unknown_attribute(error)):
        return said
    text = f"{type(error).__name__}: {_text(error)}"
    if "truth value of an array" in text and {"max", "min"} & set(calls):
        return _MAXIMUM
    return next((advice for words, advice in _TABLE if re.search(words, text, re.IGNORECASE)), "")


_MAXIMUM = (
    "max(0, z) and min(…) compare whole values once, and an array has many. np.maximum(0, z) compares entry by entry "
    "(np.max(z) would be the largest entry alone)."
)


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # an error of the learner's own may do anything
        return ""


def _unknown_name(error: NameError, names: list[str]) -> str:
    name = error.name or ""
    elsewhere = {"math": "import math, or use NumPy's: np.exp, np.sqrt", "torch": "np and dl are enough here", "plt": "no picture is needed here"}  # fmt: skip
    if name in elsewhere:
        return f"{name} was not imported: {elsewhere[name]}."
    near = closest(name, [*names, *dir(builtins)])
    arguments = f" Its arguments are {joined(names)}." if names else ""
    import numpy

    numpys = f" NumPy's is np.{name}." if name and hasattr(numpy, name) and not near else ""
    return f"There is no {name} in your function.{f' Did you mean {near}?' if near else ''}{numpys}{arguments}"


def _unknown_attribute(error: AttributeError) -> str:
    match = re.search(r"module '(numpy|math)[\w.]*' has no attribute '(\w+)'", _text(error))
    if match is None:
        return ""
    own: dict[str, str] = {
        "relu": "np.maximum(0, z)", "sigmoid": "1 / (1 + np.exp(-z))", "ln": "np.log", "softmax": "np.exp(z) / np.sum(np.exp(z))",
        "square_root": "np.sqrt", "avg": "np.mean", "average_": "np.mean", "pow": "**", "maximum": "np.maximum", "average": "np.mean",
    }  # fmt: skip
    import numpy

    name = match[2]
    better = own.get(name) or (f"np.{near}" if (near := closest(name, dir(numpy))) else "")
    return f"{match[1]} has no {name}. {f'{better} does it.' if better else 'dir(np) lists what there is.'}"


Advice = Callable[[BaseException], str]
