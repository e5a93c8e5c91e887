"""Services: who uses the services of axis 3, what they store, and their footprint for each user.

Reads the services table: a service may stand in several lines of a period, such as its invoices;
its last line that says a figure says it, so that a figure is never added to itself.  Lines without
a label are services of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import numpy as np

from reen.plugin import Reason
from reen.plugin.indicators import Direction, Indicator, IndicatorContext, IndicatorValue
from reen_plugins.indicators.declared import Described, value_of_share
from reen_plugins.indicators.footprint_per_agent import CRITERION, impact_of_groups, is_bound
from reen_plugins.indicators.kind_tallies import kind_tallies, least_covered
from reen_plugins.indicators.people import people_of
from reen_plugins.indicators.rows import Answers, Rows, any_of
from reen_plugins.indicators.sums import Sum, share_of, sum_of

__all__ = ["SERVICES_USE"]

#: Types of services that people have accounts of, and those that store data.
_WITH_ACCOUNTS, _STORING = ("saas", "software_licence"), ("saas", "hosting")


@attrs.frozen(eq=False)
class _Services:
    """The services of a period, one position each.

    Attributes
    ----------
    rows
        Lines of the table.
    within
        Whether each lies in the period.
    service
        Position of the service of each line.
    names
        Label of each service, empty without one.
    """

    rows: Rows
    within: Answers
    service: np.ndarray[tuple[int], np.dtype[np.int64]]
    names: tuple[str, ...]

    @classmethod
    def of(cls, context: IndicatorContext) -> _Services | Reason:
        """Return the services of the period, or why there are none."""
        assert context.services is not None  # noqa: S101 - named in `needs`
        rows, period = Rows(context.services.batch), context.period
        within = rows.dated("date", period.start, period.end)
        if not (within != 0.0).any():
            return Reason("no_row_in_period", kind="services", period=str(period))
        codes, labels = rows.batch.codes("label")
        nameless = codes < 0
        service = np.where(nameless, len(labels) + np.cumsum(nameless) - 1, codes)
        names = (*map(str, labels), *("" for _ in range(int(nameless.sum()))))
        return cls(rows, within, service.astype(np.int64), names)

    def last(self, figures: Answers) -> Answers:
        """Return the last figure of each service; lines without a date come last of all."""
        told = (self.within != 0.0) & ~np.isnan(figures)
        days = self.rows.batch.dates("date").astype("datetime64[D]")
        order = np.argsort(np.where(np.isnat(days), np.datetime64("9999-12-31"), days))
        found = np.full(len(self.names), np.nan)
        for k in order[told[order]]:
            found[self.service[k]] = figures[k]
        return found

    def number(self, column: str, unit: str) -> Answers:
        """Return the last figure of a column, of each service."""
        return self.last(self.rows.number(column, unit))

    def counts(self, column: str, *types: str) -> Answers:
        """Return whether each service is one of the period that has such a figure.

        It is one where a line says the figure, and where it is of a type that has it.
        """
        said = ~np.isnan(self.rows.number(column, self.rows.batch.schema[column].unit))
        mine = any_of(said.astype(np.float64), self.rows.among("service_type", *types))
        mine = np.where(self.within == 0.0, 0.0, np.where(mine == 0.0, 0.0, mine * self.within))
        found = np.zeros(len(self.names))
        for level in (np.nan, 1.0):  # a line that is sure goes before one that may be
            these = np.isnan(mine) if np.isnan(level) else mine == level
            found[self.service[these]] = level
        return found


@attrs.frozen(kw_only=True)
class UsedAccounts(Described):
    """People who used a service in the last 90 days, over its accounts."""

    def values(self, context: IndicatorContext) -> Iterator[IndicatorValue]:
        """Return the value of all services, then of each that has a label and both figures."""
        services = _Services.of(context)
        if isinstance(services, Reason):
            yield context.left_out(self, services)
            return
        accounts = services.number("accounts", "person")
        used = services.number("active_users", "person") / np.where(accounts > 0, accounts, np.nan)
        there = services.counts("accounts", *_WITH_ACCOUNTS)
        yield self._of(context, accounts, used, there, "")
        for k, name in enumerate(services.names):
            if name and there[k] != 0.0 and not np.isnan(used[k]):
                yield self._of(
                    context, accounts[k : k + 1], used[k : k + 1], there[k : k + 1], name
                )

    def _of(
        self,
        context: IndicatorContext,
        accounts: Answers,
        used: Answers,
        there: Answers,
        subject: str,
    ) -> IndicatorValue:
        # each account is a part used and a part not: a share of shares
        split = np.concatenate([accounts * used, accounts * (1.0 - used), accounts[np.isnan(used)]])
        lost = np.isnan(used)
        part = np.concatenate(
            [np.ones(len(used)), np.zeros(len(used)), np.full(int(lost.sum()), np.nan)]
        )
        whole = np.concatenate(
            [np.where(lost, 0.0, there), np.where(lost, 0.0, there), there[lost]]
        )
        found = share_of(split, part, whole)
        told = found.completeness("of known use", "accounts")
        if (used[there != 0.0] > 1.0).any():
            return context.left_out(
                self, Reason("more_users_than_accounts"), subject=subject, completeness=told
            )
        if found.whole <= 0.0:
            reason = Reason("fill_in", columns="active_users, accounts")
            return context.left_out(self, reason, subject=subject, completeness=told)
        return value_of_share(self, context, found, subject=subject, completeness=told)


@attrs.frozen(kw_only=True)
class StoredPerAgent(Described):
    """Data that the services store, for each agent."""

    def values(self, context: IndicatorContext) -> Iterator[IndicatorValue]:
        """Return the value of the whole."""
        services, people = _Services.of(context), people_of(context, "agents")
        for why in (services, people):
            if isinstance(why, Reason):
                yield context.left_out(self, why)
                return
        assert isinstance(services, _Services)  # noqa: S101 - the loop has looked at both
        assert not isinstance(people, Reason)  # noqa: S101
        stored = services.number("data_stored", "GB")
        found: Sum = sum_of(stored, services.counts("data_stored", *_STORING))
        told = found.completeness("known", "GB")
        if not (stored >= 0.0).any():
            reason = Reason("fill_in", columns="data_stored")
            yield context.left_out(self, reason, completeness=told)
            return
        least, most = found.ends
        yield context.value(
            self,
            found.value / people.count,
            completeness=told,
            ends=(least / people.count, None if most is None else most / people.count),
            limits=(0.0, None),
            lower_bound=most is None,
            notes=(people.said,),
            numerator=found.value,
            denominator=people.count,
        )


@attrs.frozen(kw_only=True)
class FootprintPerUser(Described):
    """Footprint of services for each of their users."""

    def values(self, context: IndicatorContext) -> Iterator[IndicatorValue]:
        """Return the value of all services of known users, then of each of them by its label."""
        footprint, services = context.footprint, _Services.of(context)
        assert footprint is not None  # noqa: S101 - named in `needs`
        if isinstance(services, Reason):
            yield context.left_out(self, services)
            return
        if "label" not in footprint.grouped_by or CRITERION not in footprint.criteria:
            yield context.left_out(self, Reason("measure_by", columns="label"))
            return
        by_label = footprint.by("label")
        labels = by_label.groups["label"].to_pylist()
        sums, tallies = impact_of_groups(by_label), kind_tallies(by_label)
        users = dict(zip(services.names, services.number("active_users", "person"), strict=True))
        known = [k for k, name in enumerate(labels) if name and users.get(name, np.nan) > 0.0]
        measured = [k for k in known if not np.isnan(sums[k])]
        if not measured:
            yield context.left_out(self, Reason("fill_in", columns="label, active_users, amount"))
            return
        there = services.counts("active_users", *_WITH_ACCOUNTS) != 0.0
        silent = int(there.sum()) > len(measured)
        for subject, mine in (("", measured), *((labels[k], [k]) for k in known)):
            covered = [tally for (group, _), tally in tallies.items() if group in mine]
            kilograms = sum(sums[k] for k in mine)
            people = float(sum(users[labels[k]] for k in mine))
            if np.isnan(kilograms):
                yield context.left_out(self, Reason("nothing_assessed"), subject=subject)
                continue
            lacks = any(each.left_out or each.unknown for each in covered)
            yield context.value(
                self,
                kilograms / people,
                subject=subject,
                completeness=least_covered(covered),
                lower_bound=is_bound(footprint, lacks) and not (silent and not subject),
                limits=(0.0, None),
                unread=silent and not subject,
                numerator=kilograms,
                denominator=people,
            )


SERVICES_USE: tuple[Indicator, ...] = (
    UsedAccounts(
        name="used_accounts",
        title_en="Accounts of services in use",
        title_fr="Part des comptes réellement utilisés",
        unit="%",
        formula=(
            "100 x people who used a service in the last 90 days / its accounts, over the services"
            " that have accounts, each by its last line of the period"
        ),
        denominator="accounts of services of known use",
        source="reen",
        axis=3,
        direction=Direction.HIGHER,
        needs=("services",),
    ),
    StoredPerAgent(
        name="stored_per_agent",
        title_en="Data stored by services for each agent",
        title_fr="Données stockées par les services, par agent",
        unit="GB/person",
        formula=(
            "data stored by the services of the table, each by its last line of the period / agents"
            " of the last count; own servers are not among them"
        ),
        denominator="agents",
        source="reen",
        axis=3,
        direction=Direction.LOWER,
        needs=("services", "headcount"),
    ),
    FootprintPerUser(
        name="footprint_per_user",
        title_en="Footprint of services for each user",
        title_fr="Empreinte des services par utilisateur",
        unit="kgCO2e/person/year",
        formula=(
            "yearly climate change of services, measured by label / people who used them in the"
            " last 90 days; who uses two services counts in both"
        ),
        denominator="users of services",
        source="State guidance to local authorities, example 13",
        axis=3,
        direction=Direction.LOWER,
        needs=("footprint", "services"),
    ),
)
