"""Every setting Sayso has. Each is read from the environment with the prefix SAYSO_ and described in docs/hosts.md."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The settings of one installation. All have a default that runs on one machine with SQLite."""

    model_config = SettingsConfigDict(env_prefix="SAYSO_", extra="ignore")

    root: Path = Field(default=Path(__file__).resolve().parent.parent, description="Folder with config.yml, data/ and models/.")
    data_dir: Path = Field(default=Path("var"), description="Folder for the database, the key file and the logs.")
    database_url: str = Field(default="", description="SQLAlchemy address of the records. Empty: SQLite in the data folder.")
    secret_key: str = Field(default="", description="Master key, 64 hex characters. Empty: made on first run in a file of the data folder.")
    secret_key_file: Path | None = Field(default=None, description="File that holds the master key. Empty: secret.key in the data folder.")
    host: str = Field(default="127.0.0.1", description="Address the chat, the desk and the sample page listen on.")
    port: int = Field(default=8000, description="Port of the chat.")
    desk_port: int = Field(default=8001, description="Port of the desk.")
    council_port: int = Field(default=8002, description="Port of the sample council page. 0: not served.")
    rasa_port: int = Field(default=5005, description="Port of Rasa, on loopback only.")
    actions_port: int = Field(default=5055, description="Port of the action server, on loopback only.")
    chat_url: str = Field(default="", description="Public address of the chat. Empty: http, host and port above.")
    desk_url: str = Field(default="", description="Public address of the desk. Empty: http, host and desk port above.")
    embed_origins: str = Field(
        default="", description="Origins that may embed the chat, separated by spaces. Empty: the sample council page only."
    )
    rasa_deadline: float = Field(default=8.0, description="Seconds Rasa has to answer before the young person gets the holding reply.")
    retry_every: float = Field(default=2.0, description="Seconds between tries to answer messages that are held.")
    keep_chat_days: int = Field(default=90, description="Days after the last message until a chat that was not sent is deleted.")
    live: bool = Field(
        default=False,
        description="Real young people use it: Sayso refuses to start while the council's own settings are missing or invented.",
    )
    smtp_host: str = Field(default="", description="Mail server for alerts. Empty: alerts show at the desk only, and it says so.")
    smtp_port: int = Field(default=25, description="Port of the mail server.")
    mail_from: str = Field(default="sayso@localhost", description="Sender of alert mails.")
    duty_mail: str = Field(
        default="", description="Where alerts go when the young person has no worker, or the worker is named in the flag."
    )
    out_of_hours_mail: str = Field(
        default="", description="Last address of the chain, such as the out-of-hours team. Empty: everybody who was alerted before, again."
    )
    sample_percent: float = Field(
        default=2.0, ge=0, le=100, description="Share of the week's sent, unflagged messages that workers read to see what was missed."
    )
    sample_at_least: int = Field(default=10, ge=1, description="How many of them are read at least, as long as there are so many.")
    timezone: str = Field(default="Europe/London", description="Time zone of the hours shown to people.")
    log_level: str = Field(default="WARNING", description="Lowest level that is logged.")

    @property
    def data_folder(self) -> Path:
        """The data folder as an absolute path."""
        return self.data_dir if self.data_dir.is_absolute() else self.root / self.data_dir

    @property
    def database_address(self) -> str:
        """The database address with the default filled in."""
        return self.database_url or f"sqlite:///{self.data_folder / 'sayso.db'}"

    @property
    def key_file(self) -> Path:
        """Where the master key lies when it is not given in the environment."""
        return self.secret_key_file or self.data_folder / "secret.key"

    @property
    def chat_address(self) -> str:
        """The address of the chat as people type it, without a slash at the end."""
        return (self.chat_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def desk_address(self) -> str:
        """The address of the desk as people type it, without a slash at the end."""
        return (self.desk_url or f"http://{self.host}:{self.desk_port}").rstrip("/")

    @property
    def allowed_hosts_of_the_embed(self) -> tuple[str, ...]:
        """Origins whose pages may show the chat in a frame."""
        if self.embed_origins:
            return tuple(self.embed_origins.split())
        return (f"http://{self.host}:{self.council_port}",) if self.council_port else ()


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
