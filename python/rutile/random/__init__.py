"""Random tensors: the methods of the default generator as functions, and generators of one's own.

`dropout` and the functions under PyTorch's names, such as `rutile.randn`, draw from the default generator too.
"""

from rutile import _core
from rutile.random.generator import Generator

__all__ = [
    "Generator",
    "bernoulli",
    "beta",
    "bits",
    "categorical",
    "cauchy",
    "choice",
    "default_generator",
    "dirichlet",
    "exponential",
    "gamma",
    "get_state",
    "gumbel",
    "integers",
    "laplace",
    "log_normal",
    "multinomial",
    "normal",
    "permutation",
    "poisson",
    "seed",
    "set_state",
    "split",
    "student_t",
    "truncated_normal",
    "uniform",
]

default_generator = Generator._of(_core.RandomSource())

bernoulli = default_generator.bernoulli
beta = default_generator.beta
bits = default_generator.bits
categorical = default_generator.categorical
cauchy = default_generator.cauchy
choice = default_generator.choice
dirichlet = default_generator.dirichlet
exponential = default_generator.exponential
gamma = default_generator.gamma
get_state = default_generator.get_state
gumbel = default_generator.gumbel
integers = default_generator.integers
laplace = default_generator.laplace
log_normal = default_generator.log_normal
multinomial = default_generator.multinomial
normal = default_generator.normal
permutation = default_generator.permutation
poisson = default_generator.poisson
seed = default_generator.seed
set_state = default_generator.set_state
split = default_generator.split
student_t = default_generator.student_t
truncated_normal = default_generator.truncated_normal
uniform = default_generator.uniform
