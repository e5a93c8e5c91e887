"""Reading columns: what is read of a file to understand it, and does not leave the read.

`EVIDENCE` tells what a device is where no type does; `JOINING` names a person or a person's device
and only serves to find the records of one asset.  Evidence ends with the type, joining columns
with the merge of all files: neither reaches an inventory.
"""

from __future__ import annotations

from reen.inventory.schema import EQUIPMENT, TableSchema, identifier_column, text_column

__all__ = [
    "EVIDENCE",
    "JOINING",
    "JOINING_NAMES",
    "NAMES_PERSONS",
    "OF_NUMBERS",
    "PERSONAL_IDENTIFIERS",
    "PSEUDONYMOUS",
    "READ_EQUIPMENT",
]

#: What tells the type of a device, besides its type, maker and model.
EVIDENCE = (
    text_column("platform", "Platform of a mobile-device manager: iOS, Android, Windows."),
    text_column("operating_system", "Operating system, with its edition or version or without."),
    text_column("form_factor", "Chassis or form factor: Notebook, Mini Tower, Rack Mount."),
    text_column("role", "Role in a network or a rack: Access Switch, PDU, Hypervisor."),
    text_column("description", "Free text that may name a type: Désignation, libellé."),
    text_column("record_type", "Kind of record of the tool: Computer, Monitor, Printer."),
    text_column("is_virtual", "Whether the tool says that it is a virtual machine."),
)

#: What names a person or a person's device, and only serves to join.
JOINING = (
    identifier_column("user", "Person who uses it: name, login, or both."),
    identifier_column("email", "E-mail address of that person."),
    identifier_column("phone_number", "Telephone number of the line."),
    identifier_column("imei", "Identifier of a telephone on its network."),
    identifier_column("mac_address", "Hardware address of a network card."),
    identifier_column("ip_address", "Address on a network."),
    identifier_column("uuid", "Identifier of the machine, as its firmware says it."),
)

#: The columns of an inventory that hold a pseudonym, or nothing: never a name that a file gives.
PSEUDONYMOUS = ("name", "user_id")

JOINING_NAMES = frozenset(column.name for column in JOINING)

#: All columns whose cells are shown nowhere, and leave when the files are merged.
NAMES_PERSONS = JOINING_NAMES | frozenset(PSEUDONYMOUS)

#: Columns of numbers that name an asset or a product: no words, whatever letters they hold.
OF_NUMBERS = frozenset(
    {"id", "serial_number", "asset_tag", "order_number", "model_number", "parent_id", "source"}
)

#: Identifiers of an asset that stay, unless they are personal.
PERSONAL_IDENTIFIERS = ("id", "asset_tag", "serial_number")

#: The columns of equipment while it is read.
READ_EQUIPMENT = TableSchema("equipment", (*EQUIPMENT.columns, *EVIDENCE, *JOINING))
