# Three images from one file: the site (web, worker, migrate), the proxy, the pooler. All run as the same plain user,
# on a root file system that may be read-only: they write to /tmp, and the site to its volume /data.
FROM python:3.13-slim-bookworm AS build
WORKDIR /cairn
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements.txt
COPY . .
# Static files are compressed and named by their content here, once; no setting of an installation is in them.
RUN CAIRN_MODE=production CAIRN_STATIC=/static DATABASE_URL=postgres://nobody@localhost/none ALLOWED_HOSTS=localhost \
    SECRET_KEY=only-while-the-image-is-made-0123456789-abcdefghijklmno STRIPE_SECRET_KEY=none \
    STRIPE_WEBHOOK_SECRET=none STRIPE_RETURN_URL=none SMTP_HOST=none \
    /venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && /venv/bin/python -m compileall -q .

FROM python:3.13-slim-bookworm AS site
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin cairn \
    && install -d -m 0700 -o cairn -g cairn /data
COPY --from=build /venv /venv
COPY --from=build /static /static
COPY --from=build /cairn /cairn
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp CAIRN_DATA=/data CAIRN_STATIC=/static
WORKDIR /cairn
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "marketplace.wsgi", "--config", "deploy/gunicorn.conf.py"]

FROM debian:bookworm-slim AS proxy
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates curl nginx-light \
    && rm -rf /var/lib/apt/lists/* && install -d -m 0700 -o 10001 -g 10001 /uploads /tls
COPY deploy /deploy
USER 10001:10001
EXPOSE 8080 8443
CMD ["/deploy/proxy.sh"]

FROM debian:bookworm-slim AS pooler
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates pgbouncer \
    && rm -rf /var/lib/apt/lists/*
COPY deploy /deploy
USER 10001:10001
EXPOSE 6432
CMD ["/deploy/pooler.sh"]
