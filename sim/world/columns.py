"""Tables of columns with genuine Mesa agents in front.

Rules work on whole columns; everybody else may use the Mesa agent of a row.  A `Table` is declared like a form:

    class Camps(Table):
        capacity = Column(np.int32, 0, "persons", "places")

`Camps(...).capacity` is a view of the live rows, and `with_columns(Camps)` gives a Mesa agent class attributes that
read and write one row.  (Mesa's own experimental columns bind properties on the agent class to one model's arrays,
so two models in one process would share them; here each agent keeps its own table.)
"""

import mesa
import numpy as np


def rows_where(mask) -> np.ndarray:
    """Rows at which a mask of one dimension holds (`np.flatnonzero` does the same in twice the time)."""
    return mask.nonzero()[0]


class Column:
    """One column: dtype, value of a new row, unit and meaning.

    A table keeps the view of its live rows under the column's name, so that reading costs a look-up and no slicing;
    giving a column a value writes into it (`Table.__setattr__`).
    """

    def __init__(self, dtype, default, unit="", meaning=""):
        self.dtype, self.default, self.unit, self.meaning = np.dtype(dtype), default, unit, meaning

    def __set_name__(self, owner, name):
        self.name = name


class Table:
    """Rows of equal shape; `n` of them live, always packed at the front."""

    def __init__(self, room: int = 0):
        self.n = 0
        self.moves = 0  # counts re-packings, so that row look-ups know when they are stale
        self._data = {c.name: np.full(room, c.default, c.dtype) for c in self.columns()}
        self._rows, self._rows_of = {}, None
        self._look()

    def __init_subclass__(cls):
        cls._declared = [c for c in vars(cls).values() if isinstance(c, Column)]
        cls._names = frozenset(c.name for c in cls._declared)

    @classmethod
    def columns(cls) -> list[Column]:
        """The declared columns, in order."""
        return cls._declared

    def _look(self) -> None:
        """Make the views of the live rows anew."""
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
        self._look()

    def append(self, count: int, **values) -> np.ndarray:
        """Add `count` rows with the given column values (others take defaults); returns their rows."""
        start, self.n = self.n, self.n + count
        room = len(next(iter(self._data.values())))
        if self.n > room:
            self._grow(max(self.n, 2 * room))
        for column in self.columns():
            self._data[column.name][start : self.n] = values.pop(column.name, column.default)
        if values:
            raise TypeError(f"{type(self).__name__} has no column {', '.join(values)}")
        self.moves += 1
        self._look()
        return np.arange(start, self.n)

    def _grow(self, room):
        for name, old in self._data.items():
            new = np.empty(room, old.dtype)
            new[: len(old)] = old
            self._data[name] = new

    def drop(self, rows: np.ndarray) -> None:
        """Remove rows by moving the last ones into the holes.  Order carries no meaning anywhere."""
        left = self.n - len(rows)
        gone = np.zeros(self.n, bool)
        gone[rows] = True
        holes, tail = rows_where(gone[:left]), left + rows_where(~gone[left:])
        for data in self._data.values():
            data[holes] = data[tail]
        self.n = left
        self.moves += 1
        self._look()

    def row_of(self, key: int) -> int:
        """The row that holds id `key`; KeyError when that row is gone."""
        if self._rows_of != self.moves:
            self._rows = {int(k): row for row, k in enumerate(self.id)}
            self._rows_of = self.moves
        return self._rows[key]

    def state(self) -> dict[str, np.ndarray]:
        """Copies of the live rows, for saving and comparing."""
        return {name: data[: self.n].copy() for name, data in self._data.items()}


class RowAgent(mesa.Agent):
    """A Mesa agent that is one row of a table; `key` is that row's lasting id."""

    def __init__(self, model, table, key):
        super().__init__(model)
        self.table, self.key = table, int(key)

    @property
    def row(self) -> int:
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
    """Class decorator: give a RowAgent class one property per column of `table_class`."""

    def decorate(agent_class):
        for column in table_class.columns():
            setattr(agent_class, column.name, _row_property(column))
        return agent_class

    return decorate
