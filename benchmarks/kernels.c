/* The dominant kernels in plain C: the compiled bound of the benchmarks, and a second reading of
   docs/submodels.md (draws, steps 7 and 10).  Single thread, double precision; no part of the model.
   Structures are mirrored field by field in compiled.py. */

#include <math.h>
#include <stdint.h>

enum { WAITING = 0, RESTING = 1, CAMP = 1, FLAT = 3, UNAIDED = -2, MOST = 64, CORRIDORS = 8, ORIGINS = 8 };
static const uint64_t GOLDEN = 0x9E3779B97F4A7C15u;

static inline uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static inline double uniform(uint64_t id, uint64_t key)
{
    return ((double)(int64_t)(mix(id * GOLDEN + key) >> 12) + 0.5) * 0x1p-52;
}

uint64_t draw_key(uint64_t seed, uint64_t mechanism, int64_t night, int64_t draw)
{
    uint64_t key = mix(mix(seed ^ mechanism) + (uint64_t)(night + (1 << 20)) * GOLDEN);
    return mix(key + (uint64_t)draw * GOLDEN);
}

void uniforms(int64_t n, const int64_t *ids, uint64_t key, double *out)
{
    for (int64_t i = 0; i < n; i++)
        out[i] = uniform((uint64_t)ids[i], key);
}

/* Step 7: who is due chooses --------------------------------------------------------------------------------------- */

typedef struct {
    int64_t people, groups, origins, corridors, sectors, t, review, never;
    uint64_t key;
    /* people */
    const int64_t *id;
    const int8_t *origin;
    int64_t *cash, *family_funds, *outlay;
    const uint8_t *aware;
    int8_t *status;
    const int8_t *shelter;
    const int16_t *camp;
    const int8_t *place;
    int8_t *corridor;
    int16_t *client_of;
    int64_t *fee;
    int32_t *engaged, *status_ends;
    const int16_t *failures_alone, *failed_by, *failed_times;
    /* groups */
    const uint8_t *active;
    const int8_t *group_origin;
    const double *price, *brand;
    double *running;
    /* beliefs: origins x groups x corridors, origins x corridors, origins x groups */
    const double *successes, *trials, *own_successes, *own_trials, *abuses;
    double *engagements;
    /* places: groups x turf_width; corridor of each sector; region of camps and staging places; cost by region */
    const double *turf;
    int64_t turf_width;
    const int64_t *sector_corridor, *camp_region, *place_region;
    const double *transport, *brand_appeal;
    /* by corridor: key of the draw of taste for it, logarithm of its share of arrivals */
    const uint64_t *taste_key;
    const double *log_share;
    /* parameters */
    double rumour, prior_success, prior_unaided, prior_abuse, prior_weight, own_weight, alpha, beta, same_origin,
        visibility, abuse_aversion, market_abuse_aversion, retry_fee, unaided_risk, unaided_cost, wait_value, hurry,
        camp_comfort, support, flat_cost, corridor_value, switching_cost, dissimilarity, band, learning;
    /* sums over choosers: J, J x J, J x J; then choosers, cents remitted, cents paid for moving */
    double *demand, *by_price, *by_appeal;
    int64_t *counts;
    void *kinds; /* room */
} Choice;

static double heard(const Choice *c, const double *counts, int64_t o, int64_t stride, int64_t at)
{
    double all = 0;
    for (int64_t k = 0; k < c->origins; k++)
        all += counts[k * stride + at];
    return (1 - c->rumour) * counts[o * stride + at] + c->rumour * all;
}

typedef struct {
    double utility[MOST], slope[MOST], elsewhere[CORRIDORS], alone;
} Offer; /* what people of one origin and corridor have in common */

static void offers(const Choice *c, Offer table[ORIGINS][CORRIDORS])
{
    int64_t J = c->groups, C = c->corridors;
    double turf[CORRIDORS][MOST] = {{0}}, presence[CORRIDORS] = {0}, sectors[CORRIDORS] = {0}, engaged = 0;
    for (int64_t s = 0; s < c->sectors; s++)
        sectors[c->sector_corridor[s]] += 1;
    for (int64_t j = 0; j < J; j++) {
        for (int64_t s = 0; s < c->sectors; s++)
            turf[c->sector_corridor[s]][j] += c->turf[j * c->turf_width + s];
        for (int64_t k = 0; k < C; k++)
            presence[k] += turf[k][j] /= sectors[k];
        engaged += c->active[j] ? c->running[j] : 0;
    }
    for (int64_t o = 0; o < c->origins; o++) {
        double abuse[MOST], market = 0;
        for (int64_t j = 0; j < J; j++) {
            abuse[j] = (heard(c, c->abuses, o, J, j) + c->prior_abuse * c->prior_weight)
                       / (heard(c, c->engagements, o, J, j) + c->prior_weight);
            market += abuse[j] * (c->active[j] ? c->running[j] : 0) / fmax(engaged, 1e-12);
        }
        double elsewhere[CORRIDORS];
        for (int64_t k = 0; k < C; k++) {
            double belief = 0, mean_price = 0, total = fmax(presence[k], 1e-12);
            Offer *here = &table[o][k];
            for (int64_t j = 0; j < J; j++) {
                double q = (heard(c, c->successes, o, J * C, j * C + k) + c->prior_success * c->prior_weight)
                           / (heard(c, c->trials, o, J * C, j * C + k) + c->prior_weight);
                belief += turf[k][j] / total * q;
                mean_price += turf[k][j] / total * c->price[j];
                here->slope[j] = c->alpha * q;
                here->utility[j] = !c->active[j] || turf[k][j] <= 0 ? -INFINITY
                    : c->visibility * log(turf[k][j]) + c->same_origin * (o == c->group_origin[j])
                      + c->brand_appeal[o] * c->brand[j] - c->abuse_aversion * abuse[j]
                      - c->market_abuse_aversion * market + c->beta * q
                      - c->alpha * (q * c->price[j] + (1 - q) * c->retry_fee);
            }
            elsewhere[k] = c->beta * belief - c->alpha * belief * mean_price + c->corridor_value
                           - c->alpha * c->switching_cost;
            here->alone = (heard(c, c->own_successes, o, C, k) + c->prior_unaided * c->prior_weight)
                          / (heard(c, c->own_trials, o, C, k) + c->prior_weight);
        }
        for (int64_t k = 0; k < C; k++)
            for (int64_t other = 0; other < C; other++)
                table[o][k].elsewhere[other] = other == k ? -INFINITY : elsewhere[other];
    }
}

/* People who see the same groups at prices they can pay share the nest: it is worked out once for all of a kind. */
typedef struct {
    int64_t seen;
    const Offer *offer;
    double within[MOST], edge[MOST], inclusive, aided, squared; /* the last two: sums over its people */
} Kind;

int64_t room_for_kinds(int64_t origins, int64_t corridors, int64_t groups)
{
    return origins * corridors * (2 * groups + 1) * (int64_t)sizeof(Kind);
}

static void open_nest(const Choice *c, Kind *kind, const Offer *offer, double funds)
{
    double top = -1e300, nest = 0, sum = 0, lambda = c->dissimilarity;
    kind->seen = 1;
    kind->offer = offer;
    for (int64_t j = 0; j < c->groups; j++) {
        kind->within[j] = funds < c->price[j] ? -INFINITY : offer->utility[j] / lambda;
        top = fmax(top, kind->within[j]);
    }
    for (int64_t j = 0; j < c->groups; j++)
        nest += kind->within[j] = kind->within[j] == -INFINITY ? 0 : exp(kind->within[j] - top);
    for (int64_t j = 0; j < c->groups; j++)
        kind->edge[j] = sum += kind->within[j] = nest > 0 ? kind->within[j] / nest : 0;
    kind->inclusive = nest > 0 ? lambda * (log(nest) + top) : -INFINITY;
    kind->aided = kind->squared = 0;
}

/* Adds slope x clients' answer to group j's price or appeal, for shares within x a with sums of a and of a squared. */
static void answer(const Choice *c, double *sums, const double *within, int64_t j, double slope, double aided,
                   double squared)
{
    double lambda = c->dissimilarity, toward = slope * within[j] * (squared + (1 - lambda) / lambda * aided);
    for (int64_t k = 0; k < c->groups; k++)
        sums[j * c->groups + k] += toward * within[k];
    sums[j * c->groups + j] -= slope * within[j] * aided / lambda;
}

/* Somebody whose funds lie just above some prices would lose those groups.  The answer of a share s is damped to g s. */
static void remember_marginal(const Choice *c, const Kind *kind, double funds, double aided, double g)
{
    double lambda = c->dissimilarity;
    for (int64_t j = 0; j < c->groups; j++) {
        double within = kind->within[j], share = within * aided;
        if (share > 0 && funds < c->price[j] * (1 + c->band)) {
            double own = 1 / lambda - (1 - lambda) / lambda * within - g * share;
            answer(c, c->by_price, kind->within, j, 1 / (c->band * fmax(c->price[j] * own, 1e-9)), aided,
                   g * aided * aided);
        }
    }
}

static void remember(const Choice *c, const Kind *kind)
{
    for (int64_t j = 0; j < c->groups; j++) {
        if (kind->within[j] <= 0)
            continue;
        c->demand[j] += kind->aided * kind->within[j];
        answer(c, c->by_price, kind->within, j, kind->offer->slope[j], kind->aided, kind->squared);
        answer(c, c->by_appeal, kind->within, j, -1, kind->aided, kind->squared);
    }
}

static void act(const Choice *c, int64_t i, int64_t picked, const int64_t *fee, double *engaged)
{
    int64_t J = c->groups;
    if (picked < J) {
        c->client_of[i] = (int16_t)picked;
        c->engaged[i] = (int32_t)c->t;
        c->fee[i] = fee[picked];
        engaged[picked] += 1;
        c->engagements[c->origin[i] * J + picked] += 1;
    } else if (picked == J) {
        c->client_of[i] = UNAIDED;
        c->engaged[i] = (int32_t)c->t;
    } else if (picked == J + 1) {
        c->status_ends[i] = (int32_t)(c->t + c->review);
    } else {
        int64_t due = (int64_t)rint(c->switching_cost * 100), sent = due - c->cash[i];
        sent = sent < 0 ? 0 : sent > c->family_funds[i] ? c->family_funds[i] : sent;
        int64_t has = c->cash[i] + sent, paid = due < has ? due : has;
        c->corridor[i] = (int8_t)(picked - J - 2);
        c->status_ends[i] = (int32_t)(c->t + 1);
        c->family_funds[i] -= sent;
        c->cash[i] = has - paid;
        c->outlay[i] += paid;
        c->counts[1] += sent;
        c->counts[2] += paid;
    }
}

static int64_t pick(const Choice *c, const Kind *kind, double u, double aided, const double *rest)
{
    int64_t k = 0, J = c->groups;
    if (u < aided) {
        for (u = u / aided * kind->edge[J - 1]; k < J - 1 && u >= kind->edge[k]; k++)
            ;
        return k;
    }
    for (double sum = rest[0]; k < 1 + c->corridors && u - aided >= sum; sum += rest[k])
        k++;
    return J + k;
}

/* What people expect of the group that failed this one last is lowered for this person. */
static Offer doubted(const Choice *c, const Offer *offer, int64_t i)
{
    Offer mine = *offer;
    int64_t j = c->failed_by[i];
    double believed = offer->slope[j] / c->alpha, own = c->own_weight / (c->own_weight + c->failed_times[i]),
           change = believed * (own - 1);
    mine.slope[j] *= own;
    mine.utility[j] += c->beta * change - c->alpha * change * (c->price[j] - c->retry_fee);
    return mine;
}

static double taste(const Choice *c, int64_t i, int64_t corridor)
{
    return c->log_share[corridor] - log(-log(uniform((uint64_t)c->id[i], c->taste_key[corridor])));
}

static void choose_one(const Choice *c, int64_t i, const Offer *offer, Kind *kinds, const double *limit,
                       const int64_t *fee, double *engaged)
{
    int64_t level = 0, away = 0;
    double funds = (double)(c->cash[i] + c->family_funds[i]) / 100;
    int64_t region = c->place[i] >= 0 ? c->place_region[c->place[i]] : c->camp[i] >= 0 ? c->camp_region[c->camp[i]] : 0;
    double road = c->transport[region], outside[2 + CORRIDORS], rest[2 + CORRIDORS];
    for (int64_t k = 0; k < 2 * c->groups; k++)
        level += limit[k] <= funds;
    Kind *kind = kinds + level, alone_in_it;
    Offer mine;
    if (c->failed_by[i] >= 0) {
        mine = doubted(c, offer, i);
        open_nest(c, kind = &alone_in_it, &mine, funds);
    } else if (!kind->seen)
        open_nest(c, kind, offer, funds);
    double own = c->own_weight / (c->own_weight + c->failures_alone[i]);
    outside[0] = c->beta * offer->alone * own - c->unaided_risk - c->alpha * (c->unaided_cost + road);
    outside[1] = c->wait_value - c->hurry + c->camp_comfort * (c->shelter[i] == CAMP) + c->support * c->aware[i]
                 - c->alpha * c->flat_cost * (c->shelter[i] == FLAT);
    for (int64_t k = 0; k < c->corridors; k++) {
        outside[2 + k] = offer->elsewhere[k] + taste(c, i, k) - taste(c, i, c->corridor[i]);
        away = outside[2 + k] > outside[2 + away] ? k : away;
        rest[2 + k] = 0;
    }
    double inclusive = kind->inclusive - c->alpha * road, best = fmax(inclusive, fmax(outside[0], outside[1]));
    double aided = inclusive == -INFINITY ? 0 : exp(inclusive - best);
    double all = aided + (rest[0] = exp(outside[0] - best)) + (rest[1] = exp(outside[1] - best));
    double x = exp(fmin(fmax(log(all) + best - outside[2 + away], -700), 700)), moves = exp(-x), stays = -expm1(-x);
    double g = (1 - x * moves / stays) / stays;
    aided *= stays / all;
    rest[0] *= stays / all;
    rest[1] *= stays / all;
    rest[2 + away] = moves;
    kind->aided += aided;
    kind->squared += g * aided * aided;
    if (funds < limit[2 * c->groups - 1])
        remember_marginal(c, kind, funds, aided, g);
    if (kind == &alone_in_it)
        remember(c, kind);
    act(c, i, pick(c, kind, uniform((uint64_t)c->id[i], c->key), aided, rest), fee, engaged);
}

static void price_levels(const Choice *c, double *limit)
{
    for (int64_t k = 0; k < 2 * c->groups; k++) {
        double value = c->price[k / 2] * (k % 2 ? 1 + c->band : 1);
        int64_t at = k;
        for (; at > 0 && limit[at - 1] > value; at--)
            limit[at] = limit[at - 1];
        limit[at] = value;
    }
}

void choose(const Choice *c)
{
    static Offer table[ORIGINS][CORRIDORS];
    double engaged[MOST] = {0}, limit[2 * MOST];
    int64_t fee[MOST], levels = 2 * c->groups + 1;
    Kind *kinds = c->kinds;
    for (int64_t j = 0; j < c->groups; j++)
        fee[j] = (int64_t)rint(c->price[j] * 100);
    for (int64_t k = 0; k < c->origins * c->corridors * levels; k++)
        kinds[k].seen = 0;
    price_levels(c, limit);
    offers(c, table);
    for (int64_t i = 0; i < c->people; i++) {
        if (c->status[i] == RESTING && c->status_ends[i] <= c->t)
            c->status[i] = WAITING;
        if (c->client_of[i] != -1 && c->t - c->engaged[i] >= c->review)
            c->client_of[i] = -1, c->engaged[i] = (int32_t)c->never;
        if (c->status[i] != WAITING || c->status_ends[i] > c->t || c->client_of[i] != -1)
            continue;
        c->counts[0]++;
        int64_t o = c->origin[i], at = c->corridor[i];
        choose_one(c, i, &table[o][at], kinds + (o * c->corridors + at) * levels, limit, fee, engaged);
    }
    for (int64_t k = 0; k < c->origins * c->corridors * levels; k++)
        if (kinds[k].seen)
            remember(c, &kinds[k]);
    if (c->counts[0])
        for (int64_t j = 0; j < c->groups; j++)
            c->running[j] += (engaged[j] - c->running[j]) * c->learning;
}

/* Step 10: parties meet patrols ------------------------------------------------------------------------------------ */

typedef struct {
    int64_t persons, parties, sectors, corridors, units, sizes;
    uint64_t key_met, key_unit, key_accident, key_noticed;
    const int64_t *rows, *group, *party; /* by person on the way */
    const int64_t *owner, *corridor, *sector, *id, *size; /* by party */
    const int64_t *person_id;
    const float *frailty;
    const double *patrols, *length, *difficulty; /* by sector */
    const double *skill, *tolls; /* tolls by group and persons in the party, up to sizes − 1 */
    int64_t *treasury;
    const uint8_t *interior;
    const int8_t *unit_corridor;
    const double *integrity;
    int64_t *taken;
    double phi, holding, accident_rate, noticed_share;
    uint8_t *crossed, *intercepted, *died, *stopped;
    int64_t *members; /* room for the units of each corridor */
    double *rate; /* room by sector */
    /* attempts, aided, recorded, intercepted, bribed, crossed, cents of tolls; then attempts, crossings by corridor */
    int64_t *counts;
} Crossing;

static int toll_passes(const Crossing *c, int64_t k, int64_t j, const int64_t *number)
{
    int64_t here = c->corridor[k], persons = c->size[k] < c->sizes ? c->size[k] : c->sizes - 1;
    double toll = c->tolls[j * c->sizes + persons];
    int64_t offer = (int64_t)rint(toll * 100);
    if (!number[here] || offer <= 0)
        return 0;
    int64_t unit = c->members[here * c->units + (int64_t)(uniform((uint64_t)c->id[k], c->key_unit) * number[here])];
    if (toll < c->integrity[unit] || c->treasury[j] < offer)
        return 0;
    c->treasury[j] -= offer;
    c->taken[unit] += offer;
    c->counts[6] += offer;
    return 1;
}

void cross(const Crossing *c)
{
    int64_t number[CORRIDORS] = {0}, first = 0;
    for (int64_t s = 0; s < c->sectors; s++)
        c->rate[s] = 0;
    for (int64_t k = 0; k < c->parties; k++)
        c->rate[c->sector[k]] += 1; /* traffic */
    for (int64_t s = 0; s < c->sectors; s++)
        c->rate[s] = c->phi * (c->patrols[s] / c->length[s]) * c->difficulty[s]
                     / (1 + c->phi * c->holding * c->rate[s] / c->length[s]);
    for (int64_t u = 0; u < c->units; u++)
        if (!c->interior[u] && c->unit_corridor[u] >= 0)
            c->members[c->unit_corridor[u] * c->units + number[c->unit_corridor[u]]++] = u;
    for (int64_t k = 0; k < c->parties; k++) {
        int64_t last = first, in = c->corridor[k];
        double frailty = 0, skill = 0;
        for (; last < c->persons && c->party[last] == k; last++) {
            frailty += c->frailty[c->rows[last]];
            skill += c->group[last] >= 0 ? c->skill[c->group[last]] : 0;
        }
        double size = c->size[k] > 0 ? (double)c->size[k] : 1;
        double chance = 1 - exp(-c->rate[c->sector[k]] * (frailty / size) * exp(-skill / size));
        int met = uniform((uint64_t)c->id[k], c->key_met) < chance;
        int passed = met && c->owner[k] >= 0 && toll_passes(c, k, c->group[first], number);
        int stopped = met && !passed;
        int noticed = !met && uniform((uint64_t)c->id[k], c->key_noticed) < c->noticed_share;
        c->stopped[k] = (uint8_t)stopped;
        c->counts[2] += stopped || noticed ? c->size[k] : 0;
        c->counts[4] += passed ? c->size[k] : 0;
        for (int64_t i = first; i < last; i++) {
            int died = uniform((uint64_t)c->person_id[c->rows[i]], c->key_accident) < c->accident_rate;
            int caught = stopped && !died, through = !caught && !died;
            c->died[i] = (uint8_t)died;
            c->intercepted[i] = (uint8_t)caught;
            c->crossed[i] = (uint8_t)through;
            c->counts[0]++;
            c->counts[1] += c->group[i] >= 0;
            c->counts[3] += caught;
            c->counts[5] += through;
            c->counts[7 + in]++;
            c->counts[7 + c->corridors + in] += through;
        }
        first = last;
    }
}
