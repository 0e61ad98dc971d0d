"""The kinds of data set that can be replayed: one file each, listed here."""

from clausum.datasets.mappings import afd, amlsim, clausum, evalml, paysim, synccfd
from clausum.datasets.mappings.mapping import DatasetMapping

MAPPINGS: dict[str, DatasetMapping] = {
    kind.MAPPING.name: kind.MAPPING for kind in (paysim, amlsim, synccfd, evalml, afd, clausum)
}
