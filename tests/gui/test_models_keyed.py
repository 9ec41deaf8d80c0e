"""The keyed list against a plain dict, with Qt's own tester watching every signal."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester

from console.models.keyed import ID_ROLE, ITEM_ROLE, ORDER, KeyedListModel, Slot

IDS = st.integers(0, 12)
KEYS = st.integers(0, 9)


class KeyedOracle(RuleBasedStateMachine):
    """Puts, drops and rearranges; the model must hold what the dict holds, in the order of the keys."""

    def __init__(self) -> None:
        super().__init__()
        self.model = KeyedListModel()
        self.tester = QAbstractItemModelTester(self.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
        self.oracle: dict[int, tuple[int, str]] = {}
        self.kept: dict[int, QPersistentModelIndex] = {}
        self.resets = 0
        self.model.modelReset.connect(self._count_reset)

    def _count_reset(self) -> None:
        self.resets += 1

    @rule(key=IDS, order=KEYS, item=st.text(max_size=2))
    def put(self, key: int, order: int, item: str) -> None:
        self.oracle[key] = (order, item)
        self.model.put(key, (order, key), item)

    @rule(key=IDS)
    def drop(self, key: int) -> None:
        self.oracle.pop(key, None)
        self.kept.pop(key, None)
        self.model.drop(key)

    @rule(wanted=st.dictionaries(IDS, st.tuples(KEYS, st.text(max_size=2))))
    def arrange(self, wanted: dict[int, tuple[int, str]]) -> None:
        self.oracle = dict(wanted)
        self.kept = {key: index for key, index in self.kept.items() if key in wanted}
        for key, (order, item) in wanted.items():
            slot = self.model._slots.setdefault(key, Slot(key, (order, key), item))
            slot.order, slot.item = (order, key), item
        self.model.arrange(sorted((self.model._slots[key] for key in wanted), key=ORDER))

    @precondition(lambda self: self.oracle)
    @rule(data=st.data())
    def keep_an_index(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.oracle)))
        self.kept[key] = QPersistentModelIndex(self.model.index(self.model.row_of(key)))

    @invariant()
    def holds_the_same_in_order(self) -> None:
        expected = sorted(self.oracle, key=lambda key: (self.oracle[key][0], key))
        assert list(self.model.ids()) == expected
        shown = [self.model.index(row) for row in range(self.model.rowCount())]
        assert [index.data(ID_ROLE) for index in shown] == expected
        assert [index.data(ITEM_ROLE) for index in shown] == [self.oracle[key][1] for key in expected]
        assert [self.model.row_of(key) for key in expected] == list(range(len(expected)))

    @invariant()
    def kept_indexes_follow_their_rows(self) -> None:
        assert all(index.data(ID_ROLE) == key for key, index in self.kept.items())

    @invariant()
    def never_resets(self) -> None:
        assert self.resets == 0


TestKeyedOracle = KeyedOracle.TestCase
TestKeyedOracle.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def test_a_changed_entry_that_stays_in_its_place_only_repaints(qapp: object) -> None:
    model = KeyedListModel()
    for key in range(5):
        model.put(key, (key * 10,), "was")
    heard: list[str] = []
    model.rowsMoved.connect(lambda *_: heard.append("moved"))
    model.dataChanged.connect(lambda first, last: heard.append(f"changed {first.row()} {last.row()}"))
    model.put(2, (25,), "is")
    assert heard == ["changed 2 2"]
    model.put(2, (45,), "is")
    assert heard == ["changed 2 2", "moved", "changed 4 4"]


def test_what_is_known_and_not_shown_has_no_item_and_no_row(qapp: object) -> None:
    model = KeyedListModel()
    for key in range(4):
        model.put(key, (key,), str(key))
    model.arrange([model._slots[key] for key in (1, 3)])
    assert [model.item(key) for key in range(4)] == [None, "1", None, "3"]
    assert [model.row_of(key) for key in range(4)] == [-1, 0, -1, 1]
    assert [model.id_at(row) for row in (-1, 0, 1, 2)] == [None, 1, 3, None]
    assert (model.item(9), model.row_of(9)) == (None, -1)
    model.drop(2)
    assert model.ids() == (1, 3)
    # It is shown again once it is put.
    model.put(0, (7,), "new")
    assert model.ids() == (1, 3, 0)
