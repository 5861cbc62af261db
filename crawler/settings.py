"""The Scrapy project's settings (``scrapy list``, ``scrapy crawl PORTAL``), and those of a round."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from config.portals import PortalFile
from config.settings import Settings
from crawler.fetching import pace, tls

BOT_NAME = "nianbao"
SPIDER_MODULES: list[str] = []
SPIDER_LOADER_CLASS = "crawler.rounds.spider_loader.PortalSpiderLoader"

ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = BOT_NAME
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = pace.DEFAULT_DELAY_SECONDS
DOWNLOAD_DELAY = 0
CONCURRENT_REQUESTS = 0
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# Scrapy's own doors for an operator: a server that runs Python code, and a shell. Neither is wanted here.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False
COOKIES_ENABLED = True
HTTPPROXY_ENABLED = False
METAREFRESH_ENABLED = False
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS = {"https": "crawler.fetching.tls.PortalHttps", "data": None, "file": None, "s3": None, "ftp": None}
REDIRECT_MAX_TIMES = 5
RETRY_TIMES = 1
RETRY_HTTP_CODES = [500, 502, 504, 522, 524, 408]
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
TWISTED_DNS_RESOLVER = "crawler.fetching.private_addresses.PublicResolver"
DOWNLOADER_MIDDLEWARES = {
    "crawler.fetching.private_addresses.PrivateAddressMiddleware": 60,
    "crawler.fetching.tls.EncryptedMiddleware": 70,
    "crawler.fetching.robots.Robots": 100,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.fetching.unpacking.WholeAnswers": 590,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.fetching.cookies.HostCookies": 700,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "crawler.fetching.pace.SlotMiddleware": 840,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    # Nobody reads Scrapy's figures, a round has its own; and no portal asks for a password.
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
}
# Of Scrapy's own extensions none is wanted, and what they import (another web server among it) is not loaded.
EXTENSIONS_BASE: dict[str, int] = {}
EXTENSIONS = {"crawler.fetching.pace.PortalThrottle": 0}
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
}
STATS_DUMP = False
LOGSTATS_INTERVAL = 0
MEMUSAGE_ENABLED = False
LOG_LEVEL = "WARNING"
# What they are is told to nobody, and to look takes longer than most of what a process does before its first request.
LOG_VERSIONS: list[str] = []


def project_settings() -> dict[str, Any]:
    """This module's own settings."""
    return {name: value for name, value in globals().items() if name.isupper()}


def round_settings(settings: Settings, portals: list[PortalFile]) -> dict[str, Any]:
    """What a round over ``portals`` adds to the project's settings."""
    return {
        "USER_AGENT": f"nianbao/{version('nianbao')} (+mailto:{settings.contact})",
        "DOWNLOAD_TIMEOUT": settings.fetch_timeout_seconds,
        "DNS_TIMEOUT": min(20.0, settings.fetch_timeout_seconds),
        "DOWNLOAD_MAXSIZE": settings.fetch_max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_SLOTS": pace.slots(portals),
        tls.SETTING: tls.allowances(portals),
    }
