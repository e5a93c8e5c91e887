"""Shares of NumEcoEval: what machines get of their host, and applications of their machine.

Machine, by the first of its keys that it has: explicit share (`cleRepartition`); vCPU of the
machine / sum over the machines of the host (type compute); storage / sum (type storage).  A blank
or zero value on one machine disables that key for the whole host: its machines that depend on it
are left out, unless `equal_share` gives them 1 / number of machines.  Keys of one host are not
made to add up to 1: what they leave or exceed is reported beside the result.

Application: 1 / number of application rows on the machine, or the explicit share of the row.
Imports the public names of `reen` only.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from reen.plugin import Assessment, Batch, Reason, Shares

__all__ = ["application_shares", "machine_shares"]


def machine_shares(
    machines: Batch, hosts: npt.NDArray[np.int64], *, equal_share: bool = False
) -> Shares:
    """Return the share of its host that each machine gets.

    Parameters
    ----------
    machines
        All virtual machines.
    hosts
        Equipment row of each machine's host, -1 for none.
    equal_share
        Whether machines without a usable key get 1 / number of machines of the host.

    Returns
    -------
    Shares
        NaN where the machine gets none, with the reason.
    """
    size = len(machines)
    assessment = Assessment(size)
    assessment.leave_out((hosts < 0) & machines.missing("host_id"), Reason("no_host"))
    assessment.leave_out(hosts < 0, Reason("unknown_host"))
    share = machines.values("allocation_share", "1")
    invalid = machines.invalid("allocation_share")
    assessment.leave_out(invalid, Reason("invalid", column="allocation_share"))
    codes, kinds = machines.codes("kind")
    open_rows = machines.missing("allocation_share") & (hosts >= 0)
    keyed = np.zeros(size, np.bool_)
    for kind, column, unit in (("compute", "vcpu", "1"), ("storage", "storage", "GB")):
        mine = open_rows & (codes == kinds.index(kind)) if kind in kinds else keyed & False
        if not mine.any():
            continue
        keyed |= mine
        part, usable = _proportional(
            machines.values(column, unit), hosts, codes == kinds.index(kind)
        )
        share = np.where(mine & usable, part, share)
        if not equal_share:
            assessment.leave_out(mine & ~usable, Reason("spoilt_key", column=column))
    without = open_rows & np.isnan(share)
    if equal_share:
        count = _per_support(np.ones(size), hosts)
        share = np.where(without, 1.0 / count, share)
    else:
        assessment.leave_out(without & ~keyed, Reason("no_key"))
    share = np.where(assessment.assessed, share, np.nan)
    return Shares(share, *assessment.result())


def application_shares(applications: Batch, machines: npt.NDArray[np.int64]) -> Shares:
    """Return the part of its machine that each application row gets.

    Parameters
    ----------
    applications
        All application rows.
    machines
        Virtual-machine row of each application row, -1 for none.

    Returns
    -------
    Shares
        NaN where the row gets none, with the reason.
    """
    assessment = Assessment(len(applications))
    blank = applications.missing("virtual_machine_id")
    assessment.leave_out((machines < 0) & blank, Reason("no_machine"))
    assessment.leave_out(machines < 0, Reason("unknown_machine"))
    assessment.leave_out(applications.invalid("share"), Reason("invalid", column="share"))
    equal = 1.0 / _per_support(np.ones(len(applications)), machines)
    share = np.where(applications.missing("share"), equal, applications.values("share", "1"))
    share = np.where(assessment.assessed, share, np.nan)
    return Shares(share, *assessment.result())


def _per_support(
    values: npt.NDArray[np.float64], support: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Return for each row the sum of the values of the rows on its support; NaN without one."""
    there = support >= 0
    if not there.any():
        return np.full(len(values), np.nan)
    sums = np.zeros(int(support.max()) + 1)
    np.add.at(sums, support[there], values[there])
    return np.where(there, sums[support], np.nan)


def _proportional(
    values: npt.NDArray[np.float64],
    hosts: npt.NDArray[np.int64],
    same_kind: npt.NDArray[np.bool_],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Return value / sum over the host's machines of the kind, and where the key can be used."""
    members = same_kind & (hosts >= 0)
    blank = members & ~(values > 0.0)
    spoilt = _per_support(blank.astype(np.float64), hosts) > 0.0
    total = _per_support(np.where(members & ~blank, values, 0.0), hosts)
    usable = members & ~spoilt
    return np.divide(values, total, out=np.full(len(values), np.nan), where=usable), usable
