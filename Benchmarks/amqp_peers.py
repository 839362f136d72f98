"""Publishes or consumes through RabbitMQ the way that users of a peer do.

amqp_peers.py PEER KIND FILE COUNT PREFETCH

Publishes COUNT persistent copies of FILE to an empty queue of type KIND (classic or quorum), each confirmed, then
consumes and acknowledges them one by one. Prints two lines: publish or consume, the seconds, and the process's own CPU
seconds. The broker is PULSE_URL.

PEER: kombu and pika, whose blocking clients wait for the confirm of each message before they send the next, or aio-pika,
whose confirms are awaited together for windows of 2,048 messages.
"""
import asyncio
import os
import sys
import time

EXCHANGE, QUEUE, KEY = "exchange/drover/peers", "queue/drover/peers", "treeherder.orchard"
WINDOW = 2048

peer, kind, path, count, prefetch = sys.argv[1:6]
count, prefetch = int(count), int(prefetch)
arguments = {"x-queue-type": kind}
url = os.environ["PULSE_URL"]
with open(path, "rb") as file:
    body = file.read()


class Measured:
    """Prints the seconds and the CPU seconds that a block took."""

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        self.begin, self.begin_cpu = time.perf_counter(), time.process_time()

    def __exit__(self, failure, *_):
        if failure is None:
            seconds, cpu = time.perf_counter() - self.begin, time.process_time() - self.begin_cpu
            print(f"{self.name} {seconds:.4f} {cpu:.4f}")


def run_kombu():
    import kombu

    # Without the option basic_publish does not wait for any confirm.
    with kombu.Connection(url, transport_options={"confirm_publish": True}) as connection:
        channel = connection.channel()
        exchange = kombu.Exchange(EXCHANGE, type="topic", durable=True)
        queue = kombu.Queue(QUEUE, exchange, routing_key="#", durable=True, queue_arguments=arguments)
        queue = queue(channel)
        queue.delete()
        queue.declare()
        producer = kombu.Producer(channel, exchange)
        with Measured("publish"):
            for _ in range(count):
                producer.publish(
                    body, routing_key=KEY, delivery_mode=2, content_type="application/json", content_encoding="binary")

        received = 0

        def take(_, message):
            nonlocal received
            message.ack()
            received += 1

        consumer = kombu.Consumer(channel, [queue], callbacks=[take])
        consumer.qos(prefetch_count=prefetch)
        with Measured("consume"), consumer:
            while received < count:
                connection.drain_events(timeout=30)
        queue.delete()


def run_pika():
    import pika

    connection = pika.BlockingConnection(pika.URLParameters(url + "/%2F"))
    channel = connection.channel()
    channel.exchange_declare(EXCHANGE, "topic", durable=True)
    channel.queue_delete(QUEUE)
    channel.queue_declare(QUEUE, durable=True, arguments=arguments)
    channel.queue_bind(QUEUE, EXCHANGE, "#")
    channel.confirm_delivery()
    properties = pika.BasicProperties(delivery_mode=2, content_type="application/json")
    with Measured("publish"):
        for _ in range(count):
            channel.basic_publish(EXCHANGE, KEY, body, properties)

    channel.basic_qos(prefetch_count=prefetch)
    received = 0
    with Measured("consume"):
        for method, _, _ in channel.consume(QUEUE, inactivity_timeout=30):
            if method is None:
                sys.exit("no message came for 30 s")
            channel.basic_ack(method.delivery_tag)
            received += 1
            if received == count:
                break
    channel.cancel()
    channel.queue_delete(QUEUE)
    connection.close()


async def run_aio_pika():
    import aio_pika

    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel(publisher_confirms=True)
        exchange = await channel.declare_exchange(EXCHANGE, aio_pika.ExchangeType.TOPIC, durable=True)
        await channel.queue_delete(QUEUE)
        queue = await channel.declare_queue(QUEUE, durable=True, arguments=arguments)
        await queue.bind(exchange, "#")

        def message():
            return aio_pika.Message(
                body, content_type="application/json", delivery_mode=aio_pika.DeliveryMode.PERSISTENT)

        with Measured("publish"):
            for begin in range(0, count, WINDOW):
                await asyncio.gather(*(
                    exchange.publish(message(), KEY) for _ in range(min(WINDOW, count - begin))))

        await channel.set_qos(prefetch_count=prefetch)
        received = 0
        everything = asyncio.Event()

        async def take(message):
            nonlocal received
            await message.ack()
            received += 1
            if received == count:
                everything.set()

        with Measured("consume"):
            tag = await queue.consume(take)
            await everything.wait()
        await queue.cancel(tag)
        await channel.queue_delete(QUEUE)


if peer == "kombu":
    run_kombu()
elif peer == "pika":
    run_pika()
elif peer == "aio-pika":
    asyncio.run(run_aio_pika())
else:
    sys.exit(f"{peer} is no peer")
