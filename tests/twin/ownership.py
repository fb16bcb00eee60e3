"""Who takes which decision for a group (model.md, Ownership map)."""

LEVERS = {
    "joint_pricing": ("price", "stages"),
    "joint_dispatch": ("dispatch",),
    "coordinated_decoys": ("decoy",),
    "internal_peace": ("conflict",),
    "pooled_finance": ("bribe", "arms"),
    "joint_restraint": ("restraint",),
    "recruitment_pipeline": ("recruit",),
    "skim": ("transfer",),
}
DECISIONS = tuple(decision for decisions in LEVERS.values() for decision in decisions)


def any_lever(model):
    """Is any lever on?"""
    levers = model.p.organisation.levers
    return any(getattr(levers, lever) for lever in (*LEVERS, "central_costs"))


def leave(model, group):
    """The group decides for itself."""
    group.owner = {decision: group.id for decision in DECISIONS}
    group.administration = 0.0
    group.exposure = 1.0


def join(model, group, organisation):
    """The group comes under an organisation: every lever that is on hands over its decisions."""
    rules = model.p.organisation
    if organisation is model.organisations[0]:
        group.been_under = True
    for lever, decisions in LEVERS.items():
        if getattr(rules.levers, lever):
            for decision in decisions:
                group.owner[decision] = organisation.id
    if rules.levers.central_costs:
        group.administration = rules.administration
        group.exposure = rules.exposure


def controlled(model, group):
    """Is the group under an organisation?"""
    return any(owner >= len(model.groups) for owner in group.owner.values())


def together(model, decision, group):
    """Groups for which the same owner takes the decision, in order."""
    owner = group.owner[decision]
    return [other for other in model.groups if other.owner[decision] == owner]


def owners(model, decision):
    """Active groups by owner of a decision, owners in order."""
    found = {}
    for group in model.active():
        found.setdefault(group.owner[decision], []).append(group)
    return dict(sorted(found.items()))


def head_tax(model, group):
    """What the owner of transfers asks per crossing."""
    rules = model.p.organisation
    if rules.structure == "franchise" and group.owner["transfer"] >= len(model.groups):
        return rules.head_tax
    return 0.0


def skim_share(model):
    """The share of profit that an organisation asks."""
    rules = model.p.organisation
    return rules.skim_share if rules.structure == "merger" and rules.levers.skim else 0.0
