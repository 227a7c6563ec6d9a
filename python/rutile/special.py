"""Special functions under the names of `torch.special`; most are those of `rutile` itself."""

from __future__ import annotations

from rutile.elementwise import erf, round
from rutile.elementwise import sigmoid as expit
from rutile.functions.gamma import digamma, i0, i0e, i1, i1e, polygamma, zeta
from rutile.functions.gamma import digamma as psi
from rutile.functions.gamma import igamma as gammainc
from rutile.functions.gamma import igammac as gammaincc
from rutile.functions.gamma import lgamma as gammaln
from rutile.functions.gamma import mvlgamma as multigammaln
from rutile.functions.normal import entr, erfcx, log_ndtr, ndtr, ndtri
from rutile.functions.special import erfc, erfinv, exp2, expm1, log1p, logit, xlog1py, xlogy
from rutile.functions.statistics import logsumexp
from rutile.functions.trigonometry import sinc
from rutile.nn.functional import log_softmax, softmax

__all__ = [
    "digamma",
    "entr",
    "erf",
    "erfc",
    "erfcx",
    "erfinv",
    "exp2",
    "expit",
    "expm1",
    "gammainc",
    "gammaincc",
    "gammaln",
    "i0",
    "i0e",
    "i1",
    "i1e",
    "log1p",
    "log_ndtr",
    "log_softmax",
    "logit",
    "logsumexp",
    "multigammaln",
    "ndtr",
    "ndtri",
    "polygamma",
    "psi",
    "round",
    "sinc",
    "softmax",
    "xlog1py",
    "xlogy",
    "zeta",
]
