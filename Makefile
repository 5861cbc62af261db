# nianbao: every word that a newcomer needs. `make` alone lists them.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-long lint lists answers bench accuracy narratives fuzz variants lies breaks scans chaos docs pictures lock sbom season secrets digests

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
# The Python to build the environment with; empty: the newest suitable one that is found.
PYTHON ?=
# Which reports `make accuracy` makes.
SEED ?= 1
# How many documents `make fuzz` reads.
COUNT ?= 300

help:
	@echo "make setup    建立 .venv 并安装依赖           create .venv and install what the lock file names"
	@echo "make demo     在本机演示全过程，无需配置      the whole story on this machine, nothing configured"
	@echo "make test     测试（几分钟）                  the tests, in minutes; all but those of test-long"
	@echo "make test-long 长测试：推演、故障、升级       long tests: replayed seasons, faults, an upgrade under load"
	@echo "make lint     ruff 与 mypy                    ruff and mypy"
	@echo "make bench    读取与查错的速度                reading beside plain pdfplumber and pypdfium2; the rules"
	@echo "make accuracy 查错的准确度（可加 SEED=7）     planted errors found, false alarms (SEED=7 for others)"
	@echo "make narratives 正文各种写法（可加 SEED=7） sound narratives without an untrue finding, planted contradictions found"
	@echo "make fuzz     读取损坏的文件（可加 COUNT=5000）  mutated documents of every format (COUNT=5000 for more)"
	@echo "make variants 数字旁边有别的内容、表格难认的文件（可加 SEED=7）  documents hard to read: no wrong number, no untrue finding"
	@echo "make lies     文字层与印出来的不同的 PDF（可加 COUNT=20）  PDFs whose text is not what is printed: nobody accused, operators told"
	@echo "make breaks   表格在任意一行断页的 PDF（可加 STEP=20 OFFICE=1）  PDFs whose pages end anywhere: no wrong number, nearly all read"
	@echo "make scans    扫描件识别的准确度（可加 COUNT=20） accuracy and seconds a page of degraded scans"
	@echo "make chaos    故障演练（可加 SEED=7 MINUTES=5） a season while everything that can fail does"
	@echo "make season   一年公布高峰的推演（几分钟）   how many machines a season needs: renews docs/scaling.md"
	@echo "make docs     由代码更新 docs/settings.md     renew docs/settings.md from the code"
	@echo "make pictures 重做 docs/pictures 中的图片     draw the mails for docs/pictures anew (needs Chromium)"
	@echo "make lock     重新锁定依赖（需要 uv）         renew the lock files (needs uv)"
	@echo "make sbom     软件物料清单 nianbao.cdx.json    software bill of materials (CycloneDX)"
	@echo "make digests  把镜像固定为摘要（需要 docker） pin the images by digest (needs docker)"
	@echo "make secrets  为 docker compose 生成口令文件  write the password files for docker compose"

setup: $(INSTALLED)

# Done again only when the lock file or pyproject.toml is newer than the last success.
$(INSTALLED): requirements-dev.lock pyproject.toml
	@set -eu; \
	fits='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))'; \
	if ! $(BIN)/python -c "import pip; $$fits" 2>/dev/null; then \
	  found=''; seen=''; \
	  for python in $(if $(PYTHON),$(PYTHON),python3.13 python3.12 python3.11 python3 python); do \
	    if "$$python" -c "$$fits" 2>/dev/null; then found=$$python; break; fi; \
	    version=$$("$$python" -c 'import platform; print(platform.python_version())' 2>/dev/null) \
	      && seen="$$seen $$python=$$version" || true; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "需要 Python 3.11、3.12 或 3.13（找到的是：$${seen:-无}）；请安装后重试，或用 make setup PYTHON=/路径/python3.12 指定。" >&2; \
	    echo "Python 3.11, 3.12 or 3.13 is needed (found:$${seen:- none}); install one, or name one: make setup PYTHON=/path/to/python3.12" >&2; \
	    exit 1; \
	  fi; \
	  if ! "$$found" -c 'import venv, ensurepip' 2>/dev/null; then \
	    echo "$$found 缺少 venv 模块；Debian/Ubuntu 上请先执行 apt install python3-venv，然后重试。" >&2; \
	    echo "$$found lacks the venv module; on Debian or Ubuntu run apt install python3-venv first, then try again." >&2; \
	    exit 1; \
	  fi; \
	  echo "$$found -m venv $(VENV)"; \
	  rm -rf $(VENV); \
	  "$$found" -m venv $(VENV); \
	fi; \
	echo "pip install -r requirements-dev.lock （约一分钟 · about a minute）"; \
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.lock; \
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	$(BIN)/python -m compileall -q bench cli config crawler ledger monitor report workers
	@touch $@

demo: setup
	@$(BIN)/nianbao demo

# The tests of one file stay together, because they share servers and demos; how many processes and which files first:
# tests/processes.py. What Python compiles is kept, whatever the environment says: tests start many processes.
PYTEST = env -u PYTHONDONTWRITEBYTECODE $(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

test: setup
	@$(PYTEST) -m "not long"

# Also the monitor once more, on PostgreSQL: make test has it on SQLite.
test-long: setup
	@$(PYTEST) -m long

# Portals with lists made up by a seed, crawled: nobody may be accused wrongly (SEED=…, COUNT=…).
lists: setup
	@$(BIN)/python -m tests.portals.lists $(or $(SEED),1) $(or $(COUNT),400)

# Portals whose answers are broken by a seed, crawled beside a sound one (SEED=…, COUNT=…).
answers: setup
	@PYTHONPATH="$(CURDIR)" $(BIN)/python -m tests.portals.answers $(or $(SEED),1) $(or $(COUNT),400)

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: setup
	@$(BIN)/python -m bench.reading
	@$(BIN)/python -m bench.rules
	@$(BIN)/python -m bench.crawling
	@$(BIN)/python -m bench.monitor
	@$(BIN)/python -m bench.growth
	@$(BIN)/python -m bench.pipeline
	@$(BIN)/python -m bench.web

accuracy: setup
	@$(BIN)/python -m bench.accuracy --seed $(SEED)

narratives: setup
	@$(BIN)/python -m bench.narratives --seed $(SEED)

variants: setup
	@PYTHONPATH="$(CURDIR)" $(BIN)/python -m tests.documents.variants.sweep --seed $(SEED)

lies: COUNT = 200
lies: setup
	@PYTHONPATH="$(CURDIR)" $(BIN)/python -m tests.documents.variants.lies --seed $(SEED) --count $(COUNT)

# OFFICE=1: LibreOffice makes the PDFs, from Word.
breaks: setup
	@PYTHONPATH="$(CURDIR)" $(BIN)/python -m tests.documents.page_breaks --seed $(SEED) --step $(or $(STEP),1) $(if $(OFFICE),--office)

fuzz: setup
	@PYTHONPATH="$(CURDIR)" $(BIN)/python -m tests.workers.reading.fuzz --count $(COUNT) --seed $(SEED)

scans: COUNT = 8
scans: setup
	@$(BIN)/python -m tests.documents.scans.measure --count $(COUNT)

# A season on real processes while everything that can fail does; MINUTES of real time under fire.
chaos: MINUTES = 5
chaos: setup
	@PYTHONPATH="$(CURDIR)" $(BIN)/python -m tests.chaos --seed $(SEED) --minutes $(MINUTES)

# Half an hour of real documents beside it: python -m bench.season --real 20000 (docs/scaling.md).
season: setup
	@$(BIN)/python -m bench.season --seed $(SEED)

docs: setup
	@$(BIN)/python -m config.reference > docs/settings.md.new && mv docs/settings.md.new docs/settings.md
	@$(BIN)/python -m config.reference zh > docs/zh/settings.md.new && mv docs/zh/settings.md.new docs/zh/settings.md

pictures: setup
	@$(BIN)/python -m tests.pictures
	@$(BIN)/python -m tests.desk_pictures

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --quiet --extra ocr --extra s3 --extra parquet --extra web-oidc -o requirements.lock pyproject.toml
	uv pip compile --universal --python-version 3.11 --generate-hashes --quiet --all-extras \
	  -o requirements-dev.lock pyproject.toml

sbom: setup
	@$(BIN)/python -m tests.bill_of_materials > nianbao.cdx.json.new && mv nianbao.cdx.json.new nianbao.cdx.json
	@echo "已写入 nianbao.cdx.json。 Written: nianbao.cdx.json."

# What the tags of docker-compose.yml mean today, by digest, in a file that Compose reads beside it: nobody can put another
# image under the same tag. Done again when the tags are raised; needs docker and a way to the registries.
digests:
	@set -eu; file=docker-compose.override.yml; \
	printf '# Written by make digests.\nservices:\n' > "$$file.new"; \
	awk '/^  [a-z-]+:$$/ { service = $$1 } /^    image: / && $$2 !~ /^nianbao:/ { print service, $$2 }' docker-compose.yml | \
	while read -r service image; do \
	  digest=$$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$$image"); \
	  case $$digest in sha256:????????????????????????????????????????????????????????????????) ;; \
	    *) echo "没有得到 $$image 的摘要。 No digest of $$image." >&2; exit 1;; esac; \
	  printf '  %s {image: "%s@%s"}\n' "$$service" "$$image" "$$digest" >> "$$file.new"; \
	done; \
	mv "$$file.new" "$$file"; \
	echo "已写入 $$file。 Written: $$file."

# Passwords for docker-compose.yml; what is there is never overwritten. The folder is closed to others, its files can be
# read, because each is mounted by itself into containers whose users have other numbers than yours.
secrets:
	@set -eu; \
	if [ -e secrets ]; then echo "secrets/ 已存在，未改动。 secrets/ is there already; nothing was changed."; exit 0; fi; \
	mkdir -m 700 secrets; \
	random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }; \
	postgres=$$(random); redis=$$(random); \
	printf '%s' "$$postgres" > secrets/postgres_password; \
	address() { printf 'postgresql+psycopg://%s:%s@nianbao-postgres:5432/nianbao' "$$1" "$$2"; }; \
	address nianbao "$$postgres" > secrets/database_url; \
	crawler=$$(random); worker=$$(random); web=$$(random); \
	printf "CREATE ROLE nianbao_%s LOGIN PASSWORD '%s';\n" crawler "$$crawler" worker "$$worker" web "$$web" \
	  > secrets/logins.sql; \
	address nianbao_crawler "$$crawler" > secrets/database_url_crawler; \
	address nianbao_worker "$$worker" > secrets/database_url_worker; \
	address nianbao_web "$$web" > secrets/database_url_web; \
	printf 'requirepass %s\n' "$$redis" > secrets/redis.conf; \
	printf 'redis://:%s@nianbao-redis:6379/0' "$$redis" > secrets/broker_url; \
	chmod 444 secrets/*; \
	echo "已写入 secrets/。 Written: secrets/."
