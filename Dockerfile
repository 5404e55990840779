# The proxy as an HTTP server in a container: docs/deploy.md#elsewhere. CI does not build this image. It runs the same steps without Docker.
FROM node:24-slim AS build
WORKDIR /source
COPY . .
RUN ["npm", "run", "build"]

FROM node:24-slim
WORKDIR /proxy
COPY --from=build /source/packages/lambda-adapter/dist/web-function ./
USER node
ENV HOST=0.0.0.0 PORT=8080 NODE_ENV=production NODE_OPTIONS=--enable-source-maps
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "index.mjs"]
