"""Who there is: people (Mesa agents), groups, organisations, camps, patrol units and parties."""

import mesa

ROLES = ("guides", "drivers", "fixers", "fighters")
INCOME = ("fee", "retry", "transport", "rent", "ransom")
COSTS = ("operating", "holding", "decoys", "wages", "administration", "arms", "toll", "payroll")
ENDED = ("crossed", "left", "procedure", "dead")
LONG_AGO = -10_000


class Person(mesa.Agent):
    """One person on the move. Money in cents; nights are model nights."""

    def __init__(self, model, identity):
        super().__init__(model)
        self.id = identity
        self.origin = self.corridor = 0
        self.cash = self.means = self.debt = 0
        self.creditor = None
        self.trust = self.frailty = 1.0
        self.aware = False
        self.status = "resting"
        self.shelter = None  # "camp", "informal", "flat"
        self.camp = self.place = self.landlord = None
        self.client_of = None
        self.fee = 0
        self.alone = False  # goes alone as soon as possible
        self.engaged = LONG_AGO  # the night of the choice of a group or of going alone
        self.until = LONG_AGO
        self.before = None  # status and its end when police found this person
        self.rested = LONG_AGO  # the night on which the last rest ended
        self.tastes = []
        self.worth = None  # what staying was worth at the last choice
        self.left_camp = None
        self.failures = self.failures_alone = 0
        self.failed_by = None  # the last group that failed this person
        self.failures_with = 0
        self.last_pushback = self.tipped_until = LONG_AGO
        self.holder = None
        self.guarantee = None  # the group that owes this person a crossing already paid for
        self.demand = 0
        self.fare = 0

    @property
    def funds(self):
        """Cash and what the family could send."""
        return self.cash + self.means

    @property
    def present(self):
        """Waiting or resting."""
        return self.status in ("waiting", "resting")

    @property
    def region(self):
        """Region slept in; north if nowhere."""
        if self.shelter == "camp":
            return self.camp.region
        if self.shelter is not None:
            return self.model.p.border.staging_regions[self.place]
        return 0

    def disengage(self):
        """No longer anybody's client, and not about to go alone."""
        self.client_of = None
        self.alone = False
        self.engaged = LONG_AGO

    def rest(self, until):
        """Rest until a night."""
        self.status = "resting"
        self.until = self.rested = until

    def lose_shelter(self):
        """Give up a camp place, a flat or an informal place."""
        if self.shelter == "camp":
            self.camp.occupancy -= 1
        self.shelter = self.camp = self.place = self.landlord = None


class Group(mesa.Agent):
    """One smuggling group (or a free row)."""

    def __init__(self, model, number):
        super().__init__(model)
        self.id = number
        self.active = False
        self.origin = 0
        self.guides = self.drivers = self.fixers = self.fighters = 0
        self.weapons = 0
        self.treasury = 0
        self.price = self.shadow = self.toll = self.stages = 0.0
        self.tolls = {}
        self.probe = 0.0
        self.fares = self.worth = 0.0
        self.intensity = 0.5
        self.skill = model.p.gangs.skill
        self.patience = 0.0
        self.brand = 0.0
        self.demand = 0.0
        self.success = model.p.migrants.prior_success
        self.profit = self.losses = self.raid_loss = 0.0
        self.standing = self.disarray = 0.0
        self.administration = 0.0
        self.exposure = 1.0
        self.turf = [0.0] * model.place_count
        self.effort = [0.0] * model.place_count
        self.posts = []  # shares of guides and drivers by corridor
        self.earnings = [0.0] * len(model.p.border.sectors)
        self.owner = {}
        self.met = [0.0] * len(model.p.border.sectors)
        self.retainers = [0.0] * len(model.p.border.sectors)
        self.been_under = False
        self.bound_until = LONG_AGO
        self.weak_nights = 0
        self.week_profit = 0
        self.review_profit = self.former_review_profit = 0
        self.crossings_sold = 0
        self.leader_taken = False
        self.tonight = {}

    @property
    def members(self):
        """All four roles."""
        return self.guides + self.drivers + self.fixers + self.fighters

    def flow(self, name):
        """Tonight's cents under a name."""
        return self.tonight.get(name, 0)


class Organisation:
    """An organisation above groups."""

    def __init__(self, number):
        self.id = number
        self.treasury = 0
        self.backed = 0  # cents from outside so far


class Camp:
    """One camp."""

    def __init__(self, name, region, capacity, informant):
        self.name = name
        self.region = region
        self.capacity = capacity
        self.informant = informant
        self.open = True
        self.occupancy = 0


class Unit:
    """A patrol unit (of a corridor) or an interior team (corridor None); threshold of its present officer."""

    def __init__(self, number, corridor):
        self.id = number
        self.corridor = corridor
        self.threshold = 0.0
        self.serves = None
        self.retained_by = set()  # numbers of the owners of bribes who pay it tonight


class Party:
    """People who try together."""

    def __init__(self, owner, corridor):
        self.owner = owner  # dispatch owner, None for those alone
        self.group = None  # the leader's group
        self.corridor = corridor
        self.people = []
        self.sector = None
        self.met = False
        self.stopped = False

    @property
    def id(self):
        """A party's entity is its first member's."""
        return self.people[0].id
