"""Other names, PyTorch's and NumPy's, of functions that have one already."""

from rutile import elementwise, manipulation
from rutile.functions import arranging, products, samples, stacking, trigonometry, viewing

adjoint = manipulation.matrix_transpose
absolute = elementwise.abs
arccos = trigonometry.acos
arccosh = trigonometry.acosh
arcsin = trigonometry.asin
arcsinh = trigonometry.asinh
arctan = trigonometry.atan
arctan2 = trigonometry.atan2
arctanh = trigonometry.atanh
bitwise_not = elementwise.bitwise_invert
clamp = elementwise.clip
concatenate = arranging.concat
div = true_divide = elementwise.divide
eq = elementwise.equal
fix = elementwise.trunc
ge = elementwise.greater_equal
ger = products.outer
gt = elementwise.greater
le = elementwise.less_equal
lt = elementwise.less
movedim = arranging.moveaxis
mul = elementwise.multiply
ne = elementwise.not_equal
row_stack = stacking.vstack
sgn = elementwise.sign
sub = elementwise.subtract
swapaxes = swapdims = viewing.transpose
trapz = samples.trapezoid
vdot = products.dot
