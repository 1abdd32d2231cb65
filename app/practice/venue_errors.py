"""Refusals in Upbit's own words: HTTP status, error name, Korean message (upbit.md section 4)."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "validation_error": "잘못된 파라미터입니다.",
    "invalid_parameter": "잘못된 파라미터입니다.",
    "invalid_price_bid": "주문가격 단위를 잘못 입력하셨습니다. 확인 후 시도해주세요.",
    "invalid_price_ask": "주문가격 단위를 잘못 입력하셨습니다. 확인 후 시도해주세요.",
    "insufficient_funds_bid": "주문 가능한 금액(KRW)이 부족합니다.",
    "insufficient_funds_ask": "주문 가능한 수량이 부족합니다.",
    "under_min_total_bid": "최소주문금액 이상으로 주문해주세요.",
    "under_min_total_ask": "최소주문금액 이상으로 주문해주세요.",
    "over_krw_funds_bid": "최대 매수 금액은 1000000000 KRW 입니다.",
    "over_krw_funds_ask": "최대 매도 금액은 1000000000 KRW 입니다.",
    "duplicated_identifier": "이미 사용된 identifier 입니다.",
    "invalid_time_in_force": "time_in_force 값이 올바르지 않습니다.",
    "invalid_post_only": "post_only 주문 조건이 올바르지 않습니다.",
    "notfoundmarket": "마켓을 찾을 수 없습니다.",
    "market_offline": "시스템 점검 중입니다. 잠시 후 다시 시도해주세요.",
    "order_not_found": "주문을 찾지 못했습니다.",
    "invalid_query_payload": "Jwt의 query를 검증하는데 실패하였습니다.",
    "jwt_verification": "Jwt 토큰 검증에 실패했습니다.",
    "expired_access_key": "API 키가 만료되었습니다.",
    "nonce_used": "이미 요청한 nonce값이 다시 사용되었습니다.",
    "no_authorization_token": "잘못된 토큰입니다. Authorization 헤더를 확인해주세요.",
    "no_authorization_ip": "허용되지 않은 IP 주소입니다.",
    "invalid_access_key": "잘못된 엑세스 키입니다.",
    "out_of_scope": "권한이 부족합니다.",
    "internal_server_error": "서버에서 요청을 처리하지 못했습니다.",
    "too_many_requests": "요청 횟수 제한을 초과했습니다.",
    "bad_request": "잘못된 요청입니다.",
    "QUERY_PARAMETER_NOT_SUPPORTED": "Request body is not supported. Use query parameters.",
}


class VenueError(Exception):
    """A refusal as the wire shows it; `name` is an integer status for quotation calls."""

    def __init__(self, status: int, name: str | int, message: str | None = None) -> None:
        self.status = status
        self.name = name
        self.message = message if message is not None else MESSAGES.get(str(name), str(name))
        super().__init__(f"{status} {name}: {self.message}")


def bad_request(name: str, message: str | None = None) -> VenueError:
    return VenueError(400, name, message)


def quotation_error(status: int, message: str) -> VenueError:
    return VenueError(status, status, message)
