"""What the driver says -> what staff read: stable codes, no address of ours lost, no secret told."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from neo4j.exceptions import AuthError, ClientError, ConfigurationError, DriverError, Neo4jError, TransientError

from schemas.errors import StoreBusyError, StoreError, StoreTimeoutError

TIMEOUTS = ("TransactionTimedOut", "LockClientStopped", "Terminated", "LockAcquisitionTimeout")

REFUSALS = {
    ".AuthenticationRateLimit": ("因密码多次不对，暂不接受该用户", "请先改正环境变量 JINGLUO_NEO4J_PASSWORD 或密码文件，几秒后再试"),
    ".CredentialsExpired": ("要求该用户先改密码", "请用服务器自带的 cypher-shell 或浏览器登录一次，改好密码后再试"),
}


@contextmanager
def told(where: str, *, busy: bool = False) -> Iterator[None]:
    """Raise StoreError and its kinds for errors of the driver. ``busy``: a timeout means that another writer holds the store."""
    try:
        yield
    except (Neo4jError, DriverError) as error:
        raise _told(error, where, busy) from error


def quiet() -> None:
    """What the driver logs is told as an error; without a handler Python prints it, too, among what staff read."""
    log = logging.getLogger("neo4j")
    if not log.handlers:
        log.addHandler(logging.NullHandler())


def _told(error: Neo4jError | DriverError, where: str, busy: bool) -> StoreError:
    code = getattr(error, "code", None) or ""
    if isinstance(error, AuthError):
        return StoreError("store.credentials", f"{where} 不接受用户名或密码",
                          hint="请检查环境变量 JINGLUO_NEO4J_USER、JINGLUO_NEO4J_PASSWORD 或密码文件")
    if refusal := next((r for ending, r in REFUSALS.items() if code.endswith(ending)), None):
        return StoreError("store.credentials", f"{where} {refusal[0]}", hint=refusal[1])
    if any(t in code for t in TIMEOUTS):
        if busy:
            return StoreBusyError("store.busy", f"{where} 正被另一程序写入", hint="请稍候再试")
        return StoreTimeoutError("store.timeout", f"{where} 在规定时间内没有答复", hint="请缩小范围后再问，或稍候再试；数据没有变化")
    if "OutOfMemory" in code:  # some of its kinds are called transient, but the same again wants the same memory again
        return StoreError("store.memory", f"{where} 上一个事务可用的内存不够",
                          hint="请缩小范围，或分几次导入，或调大服务器的 dbms.memory.transaction.total.max；数据没有变化")
    if isinstance(error, TransientError):
        return StoreBusyError("store.busy", f"{where} 暂时不能处理（{code}）", hint="请稍候再试；本次写入已撤回，已导入的数据完好")
    if code.endswith("DatabaseNotFound"):
        return StoreError("store.no-database", f"{where} 上没有指定的数据库", hint="请检查 JINGLUO_NEO4J_DATABASE")
    if isinstance(error, ClientError | ConfigurationError):
        return StoreError("store.failed", f"{where} 拒绝了请求（{code or type(error).__name__}）", hint="本次操作已撤回，已导入的数据完好")
    if refused := next((c for c in _causes(error) if isinstance(c, ssl.SSLError)), None):
        return _insecure(refused, where)
    return StoreError("store.unreachable", f"连接不上 Neo4j 服务器 {where}",
                      hint="请检查服务器是否启动、地址和端口是否正确；已提交的数据完好，恢复后重新运行即可")


def _insecure(refused: ssl.SSLError, where: str) -> StoreError:
    if isinstance(refused, ssl.SSLCertVerificationError):
        return StoreError("store.certificate", f"{where} 的证书不能核实（{refused.verify_message}），没有连接",
                          hint="请用环境变量 SSL_CERT_FILE 指定签发它的证书（PEM 文件），并用证书上的主机名；只加密、不核对证书用 +ssc")
    return StoreError("store.no-tls", f"{where} 不用 TLS 答复", hint="请检查端口和服务器的 TLS 设置；服务器不加密时，地址里不写 +s、+ssc")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what is behind it; a routing driver asks several servers and tells all their errors as a group."""
    yield error
    group = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for cause in (*group, error.__cause__):
        if cause is not None:
            yield from _causes(cause)
