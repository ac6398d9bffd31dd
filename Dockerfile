# The pages and the API, for compose.yaml. Not run on a container engine by us.
FROM python:3.11-slim
WORKDIR /jingluo
COPY . .
RUN pip install --no-cache-dir -c constraints.txt '.[fast]' && useradd --create-home jingluo
USER jingluo
WORKDIR /home/jingluo
# inside the container all addresses; compose.yaml publishes the port on 127.0.0.1 only
CMD ["jingluo", "serve", "--host", "0.0.0.0", "--allow-anyone"]
