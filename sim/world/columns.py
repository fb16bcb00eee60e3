"""Tables whose columns are arrays and whose rows can be read and written as Mesa agents.

Rules work on whole columns; users of the model may use the Mesa agent of a row.  A `Table` declares its columns:

    class Camps(Table):
        capacity = Column(np.int32, 0, "persons", "places")

`Camps(...).capacity` is a view of the live rows, and `with_columns(Camps)` gives a Mesa agent class attributes that
read and write one row.  (Mesa's own experimental columns bind properties on the agent class to one model's arrays,
so two models in one process would share them; here each agent keeps its own table.)
"""

import mesa
import numpy as np


def rows_where(mask) -> np.ndarray:
    """Rows at which a one-dimensional mask is true (`np.flatnonzero` takes twice the time)."""
    return mask.nonzero()[0]


class Column:
    """Declaration of a column: dtype, default value of a new row, unit and meaning.

    A table keeps a view of its live rows under the column's name, so that reading costs no slicing; assigning to a
    column writes into it (`Table.__setattr__`).
    """

    def __init__(self, dtype, default, unit="", meaning=""):
        self.dtype, self.default, self.unit, self.meaning = np.dtype(dtype), default, unit, meaning

    def __set_name__(self, owner, name):
        self.name = name


class Table:
    """A table of columns; its `n` live rows are packed at the front of each array."""

    def __init__(self, capacity: int = 0):
        """An empty table with memory for `capacity` rows; it grows when more are appended."""
        self.n = 0
        self.moves = 0  # number of re-packings, by which `row_of` knows that its index is out of date
        self._data = {c.name: np.full(capacity, c.default, c.dtype) for c in self.columns()}
        self._rows, self._rows_of = {}, None  # row by id, and the value of `moves` for which it holds
        self._renew_views()

    def __init_subclass__(cls):
        cls._declared = [c for c in vars(cls).values() if isinstance(c, Column)]
        cls._names = frozenset(c.name for c in cls._declared)

    @classmethod
    def columns(cls) -> list[Column]:
        """The declared columns, in order."""
        return cls._declared

    def _renew_views(self) -> None:
        """Renew the views of the live rows."""
        n = self.n
        self.__dict__.update({name: data[:n] for name, data in self._data.items()})

    def __setattr__(self, name, values):
        if name in self._names:
            self._data[name][: self.n] = values
        else:
            object.__setattr__(self, name, values)

    def __getstate__(self):
        return {name: value for name, value in self.__dict__.items() if name not in self._names}

    def __setstate__(self, state):
        self.__dict__.update(state)
        self._renew_views()

    def append(self, count: int, **values) -> np.ndarray:
        """Append `count` rows and return their numbers (count,).

        Columns that are not among `values` take their defaults; raises TypeError for an unknown column.
        """
        start, self.n = self.n, self.n + count
        capacity = len(next(iter(self._data.values())))
        if self.n > capacity:
            self._grow(max(self.n, 2 * capacity))
        for column in self.columns():
            self._data[column.name][start : self.n] = values.pop(column.name, column.default)
        if values:
            raise TypeError(f"{type(self).__name__} has no column {', '.join(values)}")
        self.moves += 1
        self._renew_views()
        return np.arange(start, self.n)

    def _grow(self, capacity):
        for name, old in self._data.items():
            new = np.empty(capacity, old.dtype)
            new[: len(old)] = old
            self._data[name] = new

    def drop(self, rows: np.ndarray) -> None:
        """Remove the rows with the given unique numbers; the last rows move into their places.

        The order of rows therefore has no meaning.
        """
        remaining = self.n - len(rows)
        removed = np.zeros(self.n, bool)
        removed[rows] = True
        holes, tail = rows_where(removed[:remaining]), remaining + rows_where(~removed[remaining:])
        for data in self._data.values():
            data[holes] = data[tail]
        self.n = remaining
        self.moves += 1
        self._renew_views()

    def row_of(self, key: int) -> int:
        """The row that holds id `key`; raises KeyError if no live row has it."""
        if self._rows_of != self.moves:
            self._rows = {int(k): row for row, k in enumerate(self.id)}
            self._rows_of = self.moves
        return self._rows[key]

    def state(self) -> dict[str, np.ndarray]:
        """Copies of the live rows of every column, by name, for saving and comparing."""
        return {name: data[: self.n].copy() for name, data in self._data.items()}


class RowAgent(mesa.Agent):
    """A Mesa agent that stands for one row of a table; `key` is the permanent id of that row."""

    def __init__(self, model, table, key):
        super().__init__(model)
        self.table, self.key = table, int(key)

    @property
    def row(self) -> int:
        """The agent's current row in its table; raises KeyError if the row has been removed."""
        return self.table.row_of(self.key)

    def __repr__(self):
        return f"<{type(self).__name__} {self.key}>"


def _row_property(column: Column) -> property:
    def read(agent):
        return agent.table._data[column.name][agent.row].item()

    def write(agent, value):
        agent.table._data[column.name][agent.row] = value

    return property(read, write, doc=f"{column.meaning} ({column.unit})" if column.unit else column.meaning)


def with_columns(table_class):
    """Class decorator that gives a RowAgent class one property per column of `table_class`."""

    def decorate(agent_class):
        for column in table_class.columns():
            setattr(agent_class, column.name, _row_property(column))
        return agent_class

    return decorate


def rank_within(sorted_labels) -> np.ndarray:
    """Position of each element within its run of equal labels (labels sorted)."""
    position = np.arange(len(sorted_labels))
    start = position.copy()  # of the run each element is in
    start[1:][sorted_labels[1:] == sorted_labels[:-1]] = 0
    return position - np.maximum.accumulate(start)
