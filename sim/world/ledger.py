"""The ledger: double-entry accounts in integer cents; every flow moves money between two named accounts.

Every payment of the model is one call of `Books`, which takes an amount from one account and puts the same amount
into another.  The sum over accounts therefore stays zero, and the balances of people, groups and organisations must
equal the sums of their columns (`Books.check`).  Debt is a claim and never counts as money.
"""

import numpy as np

from sim.world.accounts import credit_groups, debit_groups, debit_people

CENTS = 100

ACCOUNTS = ("people", "families", "groups", "organisations", "owners", "officers", "labour", "suppliers", "local",
            "lost", "outside")

# flow: (account debited, account credited)  # what the money is paid for
FLOWS = {
    "brought": ("outside", "people"),  # cash of people on arrival
    "remitted": ("families", "people"),  # sent by families when a payment exceeds cash
    "taken_along": ("people", "outside"),  # cash of people who leave the system
    "fee": ("people", "groups"),  # price of a crossing
    "retry": ("people", "groups"),  # fee after a failed attempt
    "transport": ("people", "groups"),  # transport to the border by a group
    "rent": ("people", "groups"),  # nights in a group's flat
    "ransom": ("people", "groups"),  # paid for release
    "unaided": ("people", "local"),  # costs of crossing without a group; moving between corridors
    "goods_lost": ("people", "lost"),  # taken or destroyed when intercepted
    "operating": ("groups", "local"),  # vehicles, ladders, local services per attempt; keeping flats
    "holding": ("groups", "local"),  # keeping abducted people
    "decoys": ("groups", "local"),  # distracting patrols
    "wages": ("groups", "labour"),  # members' pay
    "administration": ("groups", "labour"),  # income that agents inside an organisation keep, and their cost
    "arms": ("groups", "suppliers"),  # rifles
    "toll": ("groups", "officers"),  # bribes per crossing
    "payroll": ("groups", "officers"),  # bribes to interior police
    "skim": ("groups", "organisations"),  # transfer to the organisation
    "draw": ("groups", "owners"),  # income drawn by owners
    "spent": ("organisations", "owners"),  # drawn from the organisation
    "entry": ("owners", "groups"),  # capital of a new group
    "purchase": ("outside", "owners"),  # price of a bought network
}
INCOME = ("fee", "retry", "transport", "rent", "ransom")
BRIBES = ("toll", "payroll")
COSTS = ("operating", "holding", "decoys", "wages", "administration", "arms", "toll", "payroll")
OUTLAY = ("fee", "retry", "transport", "rent", "ransom", "unaided")


def cents(eur):
    """Convert EUR, a number or an array, to whole cents."""
    if isinstance(eur, (int, float)):
        return round(eur * CENTS)
    return np.rint(np.asarray(eur, float) * CENTS).astype(np.int64)


def one_each(values, rows) -> np.ndarray:
    """Whole numbers, one for each of `rows`; raises ValueError unless `values` holds one, or one for each row."""
    values = np.ascontiguousarray(values, np.int64)
    return values if values.shape == rows.shape else np.broadcast_to(values, rows.shape).copy()


class Books:
    """The ledger of one run, and the only place where money moves."""

    def __init__(self, people, groups, organisations):
        self.people, self.groups, self.organisations = people, groups, organisations
        self.balance = dict.fromkeys(ACCOUNTS, 0)
        self.open_night()

    def open_night(self) -> None:
        """Set the flows of the night to zero."""
        self.flow = dict.fromkeys(FLOWS, 0)
        self.group_flow = {name: np.zeros(self.groups.n, np.int64) for name in INCOME + COSTS}

    def _post(self, flow, amount):
        source, target = FLOWS[flow]
        amount = int(amount)
        self.balance[source] -= amount
        self.balance[target] += amount
        self.flow[flow] += amount

    # people ------------------------------------------------------------------------------------------------------
    def cash_in(self, rows) -> None:
        """The cash of new arrivals in `rows` enters the system."""
        self._post("brought", self.people.cash[rows].sum())

    def cash_out(self, rows) -> None:
        """The cash of people in `rows`, who are about to leave, goes out of the system."""
        self._post("taken_along", self.people.cash[rows].sum())
        self.people.cash[rows] = 0

    def people_pay(self, rows, due, flow, to=None, family=True) -> np.ndarray:
        """People in unique `rows` (n,) pay `due` cents from cash and then, if `family`, from remittances of families.

        to: the group that each person pays (n,), if the flow goes to groups.  Returns cents paid (n,); this is less
        than `due` where cash and family funds are exhausted, and the calling rule decides whether that makes a debt.
        """
        if not len(rows):
            return np.zeros(0, np.int64)
        people, due = self.people, one_each(due, rows)
        to = None if to is None else one_each(to, rows)
        paid, total, sent = debit_people(people.cash, people.family_funds, people.outlay, rows, due, family,
                                         flow in OUTLAY)
        self._post("remitted", sent)
        self._post(flow, total)
        if to is not None:
            self._groups_get(flow, credit_groups(to, paid, self.groups.n))
        return paid

    # groups ------------------------------------------------------------------------------------------------------
    def _groups_get(self, flow, amounts):
        self.groups.treasury += amounts
        self.group_flow[flow] += amounts

    def groups_pay(self, due, flow, shared=None) -> np.ndarray:
        """Groups pay `due` cents (J,), at most the content of their treasuries; returns cents paid for each group (J,).

        shared: bool (J, J), pairs of groups whose treasuries may pay for each other; None means own treasury only.
        """
        treasury = self.groups.treasury
        due = one_each(due, treasury)
        paid, total = debit_groups(treasury, due)
        if shared is not None:
            for j in (paid < due).nonzero()[0]:
                for k in np.flatnonzero(shared[j]):
                    contribution = min(due[j] - paid[j], treasury[k])
                    treasury[k] -= contribution
                    paid[j] += contribution
                    total += int(contribution)
        self._post(flow, total)
        if flow in self.group_flow:
            self.group_flow[flow] += paid
        return paid

    def one_pays(self, group, due, flow, shared) -> bool:
        """One group pays `due` cents in full or nothing; returns whether it paid.

        shared: bool (J,), groups whose treasuries contribute what its own lacks, in order of number.
        """
        treasury, remaining = self.groups.treasury, due
        if treasury[group] < due and treasury[shared].sum() < due:
            return False
        for k in (group, *shared.nonzero()[0]) if treasury[group] < due else (group,):
            part = min(remaining, int(treasury[k]))
            treasury[k] -= part
            remaining -= part
        self._post(flow, due)
        self.group_flow[flow][group] += due
        return True

    def transfer(self, amounts, organisation) -> np.ndarray:
        """Groups transfer `amounts` cents (J,), at most what their treasuries hold, to organisations (J,) by index.

        Returns cents transferred (J,).
        """
        amounts = np.minimum(amounts, self.groups.treasury)
        self.groups.treasury -= amounts
        self.organisations.treasury += np.bincount(organisation, amounts, self.organisations.n).astype(np.int64)
        self._post("skim", amounts.sum())
        return amounts

    def spend(self, organisation, amount) -> None:
        """The owners of an organisation withdraw `amount` cents, at most the content of its treasury."""
        amount = min(int(amount), int(self.organisations.treasury[organisation]))
        self.organisations.treasury[organisation] -= amount
        self._post("spent", amount)

    def enter(self, group, capital) -> None:
        """Owners pay `capital` cents into the treasury of a new group."""
        self.groups.treasury[group] += int(capital)
        self._post("entry", capital)

    def purchase(self, price) -> None:
        """An outside buyer pays `price` cents to the owners of a group."""
        self._post("purchase", price)

    # sums and checks ------------------------------------------------------------------------------------------------
    def income(self) -> np.ndarray:
        """Gross income of each group tonight (J,), cents."""
        return sum(self.group_flow[name] for name in INCOME)

    def profit(self) -> np.ndarray:
        """Income less costs of each group tonight (J,), cents; withdrawals by owners and transfers are not costs."""
        return self.income() - sum(self.group_flow[name] for name in COSTS)

    def check(self) -> None:
        """Raise AssertionError unless balances equal the sums of their columns, none negative, and add up to zero."""
        held = {"people": self.people.cash, "groups": self.groups.treasury,
                "organisations": self.organisations.treasury}
        for account, column in held.items():
            if int(column.sum()) != self.balance[account]:
                raise AssertionError(f"{account}: {int(column.sum())} cents held, {self.balance[account]} booked")
            if len(column) and column.min() < 0:
                raise AssertionError(f"{account}: a negative balance")
        if sum(self.balance.values()):
            raise AssertionError(f"accounts sum to {sum(self.balance.values())} cents, not 0")
