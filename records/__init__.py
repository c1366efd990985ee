"""Where things are kept: tables, one unit of work, sealing, migrations. Imports only `voice`."""
