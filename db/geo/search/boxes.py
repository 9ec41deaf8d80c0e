"""Postcodes of boxes and large users, which the directory puts where nobody of them is."""

from typing import Final

import numpy as np
import numpy.typing as npt

from db.geo.search import postcode_data as data

_APART: Final = 10_000_000
_CROWD, _NEIGHBOURS = 4, 8


def boxes(rows: data.Rows) -> npt.NDArray[np.bool_]:
    """Say which codes are put at one point with others, in the middle of a district that is not theirs.

    The directory has a dozen codes of Kettering, NN16, at a point of Thrapston: whoever stands there is in NN14.
    Told by at least four codes at the point, of a district that none of the eight next points has.
    """
    from scipy.spatial import cKDTree

    # As one number: to compare pairs takes ten times as long.
    number = rows["east"].astype(np.int64) * _APART + rows["north"]
    _, first, which, counts = np.unique(number, return_index=True, return_inverse=True, return_counts=True)
    found = np.zeros(len(rows), dtype=bool)
    crowded = np.flatnonzero(counts[which] >= _CROWD)
    if not len(crowded) or len(first) <= _NEIGHBOURS:
        return found
    at = np.stack((rows["east"], rows["north"]), axis=1).astype(np.float64)
    near = np.asarray(cKDTree(at[first], balanced_tree=False).query(at[crowded], k=_NEIGHBOURS + 1)[1])
    outward = rows["key"].astype("S4")
    # The nearest point is its own.
    around = outward[first[near[:, 1:]]]
    found[crowded[(around != outward[crowded][:, np.newaxis]).all(axis=1)]] = True
    return found
