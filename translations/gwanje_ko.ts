<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko_KR" sourcelanguage="en_US">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Gwanje</source>
        <translation>관제 정보</translation>
    </message>
    <message>
        <source>Version {version}. A trading terminal whose stop button tells you beforehand what it will do and how long it takes, and afterwards proves it did.</source>
        <translation>버전 {version}. 정지 버튼이 무엇을 얼마 동안 할지 미리 알려 주고, 끝나면 그렇게 했음을 증명하는 매매 단말입니다.</translation>
    </message>
    <message>
        <source>Versions and licences</source>
        <translation>버전과 라이선스</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
</context>
<context>
    <name>AccountSummaryWidget</name>
    <message>
        <source>{profit} today</source>
        <translation>{profit} 오늘</translation>
    </message>
    <message>
        <source>not confirmed by the venue</source>
        <translation>거래소 확인 전</translation>
    </message>
    <message>
        <source>{share} used</source>
        <translation>사용 {share}</translation>
    </message>
    <message>
        <source>{trades} trades today · {orders} working orders</source>
        <translation>오늘 체결 {trades} · 대기 주문 {orders}</translation>
    </message>
    <message>
        <source>reached, entries off</source>
        <translation>도달, 진입 꺼짐</translation>
    </message>
    <message>
        <source>not known now</source>
        <translation>지금 계산 불가</translation>
    </message>
    <message>
        <source>waiting for the account</source>
        <translation>계좌를 기다리는 중</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>계좌 요약</translation>
    </message>
    <message>
        <source>Total equity</source>
        <translation>총 자산</translation>
    </message>
    <message>
        <source>Free cash</source>
        <translation>사용 가능 현금</translation>
    </message>
    <message>
        <source>Unrealised</source>
        <translation>미실현 손익</translation>
    </message>
    <message>
        <source>Realised today</source>
        <translation>오늘 실현</translation>
    </message>
    <message>
        <source>Exposure</source>
        <translation>노출</translation>
    </message>
    <message>
        <source>Total loss limit {limit}</source>
        <translation>전체 손실 한도 {limit}</translation>
    </message>
    <message>
        <source>Daily loss limit {limit}</source>
        <translation>일일 손실 한도 {limit}</translation>
    </message>
    <message>
        <source>Positions</source>
        <translation>포지션</translation>
    </message>
</context>
<context>
    <name>AlertCenter</name>
    <message>
        <source>{count} not acknowledged</source>
        <translation>확인 안 한 알림 {count}건</translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation>알림</translation>
    </message>
    <message>
        <source>Critical notices</source>
        <translation>긴급 알림</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>알림 채널</translation>
    </message>
    <message>
        <source>Acknowledge all</source>
        <translation>모두 확인</translation>
    </message>
</context>
<context>
    <name>AskDialog</name>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
</context>
<context>
    <name>BreakerRow</name>
    <message>
        <source>Trip</source>
        <translation>차단</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>해제</translation>
    </message>
    <message>
        <source>Let no entry leave until it is reset by hand</source>
        <translation>직접 해제할 때까지 진입 주문을 막습니다</translation>
    </message>
    <message>
        <source>Close it and forget its failures</source>
        <translation>서킷 브레이커를 닫고 실패 기록을 지웁니다</translation>
    </message>
    <message>
        <source>until it is reset by hand</source>
        <translation>직접 해제할 때까지</translation>
    </message>
    <message>
        <source>until {time}</source>
        <translation>{time}까지</translation>
    </message>
    <message>
        <source>no call in the last minute</source>
        <translation>최근 1분간 호출 없음</translation>
    </message>
    <message>
        <source>{calls} calls a minute · failed {failed} ({failed_share}) · slow {slow} ({slow_share})</source>
        <translation>1분간 {calls}건 · 실패 {failed} ({failed_share}) · 지연 {slow} ({slow_share})</translation>
    </message>
</context>
<context>
    <name>BreakerRows</name>
    <message>
        <source>An open breaker holds entries back. Exits, cancels and look-ups pass in every state.</source>
        <translation>열린 서킷 브레이커는 진입만 막습니다. 청산, 취소, 조회는 언제나 통과합니다.</translation>
    </message>
</context>
<context>
    <name>ChannelPage</name>
    <message>
        <source>Saved and in use.</source>
        <translation>저장했고 바로 적용됩니다.</translation>
    </message>
    <message>
        <source>The chat id is a number.</source>
        <translation>대화방 ID는 숫자입니다.</translation>
    </message>
    <message>
        <source>The minutes are a number.</source>
        <translation>분은 숫자로 적으세요.</translation>
    </message>
    <message>
        <source>Trying…</source>
        <translation>시험하는 중…</translation>
    </message>
    <message>
        <source>{channel} works: {name}</source>
        <translation>{channel} 정상: {name}</translation>
    </message>
    <message>
        <source>Not done: {reason}</source>
        <translation>하지 못함: {reason}</translation>
    </message>
    <message>
        <source>kept in the key store; type to replace</source>
        <translation>키 저장소에 보관 중, 바꾸려면 입력</translation>
    </message>
    <message>
        <source>none yet</source>
        <translation>아직 없음</translation>
    </message>
    <message>
        <source>User ids are numbers, with commas in between.</source>
        <translation>사용자 ID는 숫자이고 쉼표로 나눕니다.</translation>
    </message>
    <message>
        <source>Bot token</source>
        <translation>봇 토큰</translation>
    </message>
    <message>
        <source>Chat id</source>
        <translation>대화방 ID</translation>
    </message>
    <message>
        <source>User ids that command</source>
        <translation>명령할 사용자 ID</translation>
    </message>
    <message>
        <source>Tell</source>
        <translation>보낼 알림</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>주소</translation>
    </message>
    <message>
        <source>Signing secret</source>
        <translation>서명 비밀키</translation>
    </message>
    <message>
        <source>Remind every (min)</source>
        <translation>다시 알림 (분)</translation>
    </message>
    <message>
        <source>Quiet hours (KST)</source>
        <translation>조용한 시간 (KST)</translation>
    </message>
    <message>
        <source>Desktop notices</source>
        <translation>바탕화면 알림</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>소리</translation>
    </message>
    <message>
        <source>Report of the day at 09:00</source>
        <translation>09:00 일일 보고</translation>
    </message>
    <message>
        <source>Try</source>
        <translation>시험</translation>
    </message>
    <message>
        <source>Try {channel}</source>
        <translation>{channel} 시험</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>Critical notices go out on every channel, also in quiet hours, and come again until somebody acknowledges them here or by Telegram (ack). Switch on at least two channels. From Telegram the listed users can ask for the status, turn entries off and liquidate (two steps); nothing that raises risk.</source>
        <translation>긴급 알림은 조용한 시간에도 모든 채널로 나가며, 여기나 텔레그램(ack)에서 확인할 때까지 되풀이됩니다. 채널은 두 개 이상 켜 두세요. 텔레그램에서는 등록한 사용자만 상태 보기, 진입 끄기, 청산(두 단계)을 할 수 있고 위험을 늘리는 일은 할 수 없습니다.</translation>
    </message>
</context>
<context>
    <name>ChartHeader</name>
    <message>
        <source>1m</source>
        <translation>1분</translation>
    </message>
    <message>
        <source>3m</source>
        <translation>3분</translation>
    </message>
    <message>
        <source>5m</source>
        <translation>5분</translation>
    </message>
    <message>
        <source>15m</source>
        <translation>15분</translation>
    </message>
    <message>
        <source>1h</source>
        <translation>1시간</translation>
    </message>
    <message>
        <source>Timeframe {name}</source>
        <translation>봉 간격 {name}</translation>
    </message>
    <message>
        <source>Last price</source>
        <translation>현재가</translation>
    </message>
    <message>
        <source>Day change</source>
        <translation>전일 대비</translation>
    </message>
    <message>
        <source>Open {open} · High {high} · Low {low}</source>
        <translation>시가 {open} · 고가 {high} · 저가 {low}</translation>
    </message>
</context>
<context>
    <name>ChartWidget</name>
    <message>
        <source>Entry</source>
        <translation>진입</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>손절</translation>
    </message>
    <message>
        <source>Trail</source>
        <translation>추적</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>익절</translation>
    </message>
    <message>
        <source>Select a market or a position to see its chart.</source>
        <translation>마켓이나 포지션을 선택하면 차트가 나옵니다.</translation>
    </message>
    <message>
        <source>Loading candles of {market}</source>
        <translation>{market} 봉을 불러오는 중</translation>
    </message>
    <message>
        <source>No new price for {seconds} s</source>
        <translation>{seconds}초 동안 새 가격 없음</translation>
    </message>
    <message>
        <source>O {open}  H {high}  L {low}  C {close}  Vol {volume}</source>
        <translation>시 {open}  고 {high}  저 {low}  종 {close}  거래량 {volume}</translation>
    </message>
    <message>
        <source>Price chart</source>
        <translation>가격 차트</translation>
    </message>
    <message>
        <source>Plus and minus zoom, left and right arrow move, End returns to the newest bar.</source>
        <translation>더하기·빼기로 확대·축소, 좌우 화살표로 이동, End로 최신 봉으로 돌아갑니다.</translation>
    </message>
</context>
<context>
    <name>Closing</name>
    <message>
        <source>{market}: {volume} held, {resting} of it rests in sales at the venue</source>
        <translation>{market}: 보유 {volume}, 그중 {resting}만 거래소 매도 주문이 지킵니다</translation>
    </message>
    <message>
        <source>{market}: {volume} held, its stops work only while this program runs</source>
        <translation>{market}: 보유 {volume}, 손절은 프로그램이 켜져 있을 때만 동작합니다</translation>
    </message>
    <message>
        <source>{market}: {volume} held, without any stop</source>
        <translation>{market}: 보유 {volume}, 손절 없음</translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>외 {count}개</translation>
    </message>
    <message>
        <source>These positions go unprotected while the program is off. Nothing is sold by closing:</source>
        <translation>프로그램이 꺼져 있는 동안 다음 포지션은 보호되지 않습니다. 종료한다고 매도하지는 않습니다.</translation>
    </message>
    <message>
        <source>Nothing is held without protection.</source>
        <translation>보호받지 못하는 보유 수량이 없습니다.</translation>
    </message>
    <message>
        <source>{count} working entries are cancelled.</source>
        <translation>대기 중인 진입 주문 {count}건을 취소합니다.</translation>
    </message>
    <message>
        <source>End the program?</source>
        <translation>프로그램을 종료할까요?</translation>
    </message>
    <message>
        <source>End the program</source>
        <translation>프로그램 종료</translation>
    </message>
    <message>
        <source>Halt trading?</source>
        <translation>거래를 정지할까요?</translation>
    </message>
    <message>
        <source>No entry leaves any more and working entries are cancelled. Exits go on, nothing is sold by this. A restart does not end it.</source>
        <translation>진입 주문이 더는 나가지 않고 대기 중인 진입 주문은 취소됩니다. 청산은 계속되며 이 동작으로 매도하지는 않습니다. 다시 시작해도 풀리지 않습니다.</translation>
    </message>
    <message>
        <source>Halt trading</source>
        <translation>거래 정지</translation>
    </message>
    <message>
        <source>Leaving it takes the password, a phrase, and books that agree with the venue.</source>
        <translation>해제하려면 비밀번호와 문구, 그리고 거래소와 일치하는 장부가 필요합니다.</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Type a command or a market</source>
        <translation>명령이나 마켓을 입력하세요</translation>
    </message>
    <message>
        <source>Search commands and markets</source>
        <translation>명령과 마켓 검색</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Liquidate all (press twice within 3 s)</source>
        <translation>긴급 전체 청산 (3초 안에 두 번)</translation>
    </message>
    <message>
        <source>Start a strategy</source>
        <translation>전략 실행</translation>
    </message>
    <message>
        <source>Order by hand</source>
        <translation>직접 주문</translation>
    </message>
    <message>
        <source>Enable entries</source>
        <translation>진입 허용</translation>
    </message>
    <message>
        <source>Turn entries off</source>
        <translation>진입 끄기</translation>
    </message>
    <message>
        <source>Halt trading (asks first)</source>
        <translation>거래 정지 (먼저 확인)</translation>
    </message>
    <message>
        <source>Leave the halt</source>
        <translation>정지 해제</translation>
    </message>
    <message>
        <source>Pause the selected position</source>
        <translation>선택한 포지션 일시 중지</translation>
    </message>
    <message>
        <source>Resume the selected position</source>
        <translation>선택한 포지션 재개</translation>
    </message>
    <message>
        <source>Close the selected position now (asks first)</source>
        <translation>선택한 포지션 즉시 종료 (확인 후)</translation>
    </message>
    <message>
        <source>Compare with the venue now</source>
        <translation>지금 거래소와 대조</translation>
    </message>
    <message>
        <source>Emergency: less, or more…</source>
        <translation>긴급 청산: 범위 선택…</translation>
    </message>
    <message>
        <source>Runs of the emergency control</source>
        <translation>긴급 청산 실행 기록</translation>
    </message>
    <message>
        <source>Fire drill</source>
        <translation>모의 청산 훈련</translation>
    </message>
    <message>
        <source>Password of the kill switch…</source>
        <translation>킬 스위치 비밀번호…</translation>
    </message>
    <message>
        <source>Command palette</source>
        <translation>명령 팔레트</translation>
    </message>
    <message>
        <source>Dark or light</source>
        <translation>어두운 화면 / 밝은 화면</translation>
    </message>
    <message>
        <source>한국어 / English</source>
        <translation>한국어 / English</translation>
    </message>
    <message>
        <source>Red and blue, or green and red</source>
        <translation>등락 색: 빨강·파랑 / 초록·빨강</translation>
    </message>
    <message>
        <source>Reset the layout</source>
        <translation>배치 초기화</translation>
    </message>
    <message>
        <source>Show the log</source>
        <translation>로그 보기</translation>
    </message>
    <message>
        <source>Show the events</source>
        <translation>이벤트 보기</translation>
    </message>
    <message>
        <source>Show the orders</source>
        <translation>주문 보기</translation>
    </message>
    <message>
        <source>Show the fills</source>
        <translation>체결 보기</translation>
    </message>
    <message>
        <source>Show the instructions</source>
        <translation>지시 보기</translation>
    </message>
    <message>
        <source>Show the dust</source>
        <translation>자투리 보기</translation>
    </message>
    <message>
        <source>Go to the positions</source>
        <translation>포지션으로 이동</translation>
    </message>
    <message>
        <source>Order flow</source>
        <translation>주문 흐름</translation>
    </message>
    <message>
        <source>How long orders take</source>
        <translation>주문 소요 시간</translation>
    </message>
    <message>
        <source>Critical notices</source>
        <translation>긴급 알림</translation>
    </message>
    <message>
        <source>Alert channels</source>
        <translation>알림 채널</translation>
    </message>
    <message>
        <source>Limits and their use</source>
        <translation>한도와 사용량</translation>
    </message>
    <message>
        <source>Mode of the next start</source>
        <translation>다음 시작의 모드</translation>
    </message>
    <message>
        <source>From paper to live</source>
        <translation>모의에서 실전으로</translation>
    </message>
    <message>
        <source>Key of the live account</source>
        <translation>실전 계좌 키</translation>
    </message>
    <message>
        <source>Commands and shortcuts</source>
        <translation>명령과 단축키</translation>
    </message>
    <message>
        <source>About Gwanje</source>
        <translation>관제 정보</translation>
    </message>
    <message>
        <source>Show the welcome again</source>
        <translation>시작 안내 다시 보기</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>종료</translation>
    </message>
</context>
<context>
    <name>ConfirmStrip</name>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Cancel, change nothing</source>
        <translation>취소, 아무것도 바꾸지 않음</translation>
    </message>
</context>
<context>
    <name>Counted</name>
    <message>
        <source>{count} position</source>
        <translation>포지션 {count}개</translation>
    </message>
    <message>
        <source>{count} positions</source>
        <translation>포지션 {count}개</translation>
    </message>
    <message>
        <source>{count} venue</source>
        <translation>거래소 {count}곳</translation>
    </message>
    <message>
        <source>{count} venues</source>
        <translation>거래소 {count}곳</translation>
    </message>
    <message>
        <source>{count} cancel</source>
        <translation>취소 {count}건</translation>
    </message>
    <message>
        <source>{count} cancels</source>
        <translation>취소 {count}건</translation>
    </message>
    <message>
        <source>{count} order</source>
        <translation>주문 {count}건</translation>
    </message>
    <message>
        <source>{count} orders</source>
        <translation>주문 {count}건</translation>
    </message>
    <message>
        <source>{count} order to cancel</source>
        <translation>취소할 주문 {count}건</translation>
    </message>
    <message>
        <source>{count} orders to cancel</source>
        <translation>취소할 주문 {count}건</translation>
    </message>
    <message>
        <source>{count} working order</source>
        <translation>미체결 주문 {count}개</translation>
    </message>
    <message>
        <source>{count} working orders</source>
        <translation>미체결 주문 {count}개</translation>
    </message>
    <message>
        <source>{count} item</source>
        <translation>{count}건</translation>
    </message>
    <message>
        <source>{count} items</source>
        <translation>{count}건</translation>
    </message>
    <message>
        <source>{count} purchase</source>
        <translation>매수 {count}건</translation>
    </message>
    <message>
        <source>{count} purchases</source>
        <translation>매수 {count}건</translation>
    </message>
    <message>
        <source>{count} sale</source>
        <translation>매도 {count}건</translation>
    </message>
    <message>
        <source>{count} sales</source>
        <translation>매도 {count}건</translation>
    </message>
    <message>
        <source>{count} emergency liquidation</source>
        <translation>긴급 청산 {count}번</translation>
    </message>
    <message>
        <source>{count} emergency liquidations</source>
        <translation>긴급 청산 {count}번</translation>
    </message>
    <message>
        <source>{count} call goes first</source>
        <translation>먼저 나갈 요청 {count}건</translation>
    </message>
    <message>
        <source>{count} calls go first</source>
        <translation>먼저 나갈 요청 {count}건</translation>
    </message>
    <message>
        <source>{count} notice waits for you</source>
        <translation>확인할 알림 {count}건</translation>
    </message>
    <message>
        <source>{count} notices wait for you</source>
        <translation>확인할 알림 {count}건</translation>
    </message>
    <message>
        <source>{count} notice acknowledged.</source>
        <translation>알림 {count}건을 확인했습니다.</translation>
    </message>
    <message>
        <source>{count} notices acknowledged.</source>
        <translation>알림 {count}건을 확인했습니다.</translation>
    </message>
</context>
<context>
    <name>DashboardWidget</name>
    <message>
        <source>Book and order</source>
        <extracomment>Height at which the activity shows three rows; what there is above it the book gets first, up to five or six levels.</extracomment>
        <translation>호가 · 주문</translation>
    </message>
    <message>
        <source>Order…</source>
        <translation>주문…</translation>
    </message>
    <message>
        <source>Open the order ticket for this market</source>
        <translation>이 마켓의 주문 창 열기</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>로그</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>이벤트</translation>
    </message>
    <message>
        <source>Orders</source>
        <translation>주문</translation>
    </message>
    <message>
        <source>Fills</source>
        <translation>체결</translation>
    </message>
    <message>
        <source>Instructions</source>
        <translation>지시</translation>
    </message>
    <message>
        <source>Dust</source>
        <translation>자투리</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>활동</translation>
    </message>
    <message>
        <source>Dashboard</source>
        <translation>대시보드</translation>
    </message>
</context>
<context>
    <name>DeadLetters</name>
    <message>
        <source>Do it again</source>
        <translation>다시 실행</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>시각</translation>
    </message>
    <message>
        <source>What</source>
        <translation>종류</translation>
    </message>
    <message>
        <source>About</source>
        <translation>대상</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>이유</translation>
    </message>
</context>
<context>
    <name>DeadLettersTable</name>
    <message>
        <source>Ended without effect</source>
        <translation>실행되지 않은 명령</translation>
    </message>
    <message>
        <source>Enter asks to do the selected row again.</source>
        <translation>Enter는 선택한 행을 다시 실행할지 묻습니다.</translation>
    </message>
    <message>
        <source>Nothing ended without effect.</source>
        <translation>실행되지 않은 명령이 없습니다.</translation>
    </message>
</context>
<context>
    <name>DesktopChannel</name>
    <message>
        <source>no tray here: the window and the sound only</source>
        <translation>트레이 없음: 창과 소리만 사용</translation>
    </message>
    <message>
        <source>This is what a notice looks like.</source>
        <translation>알림은 이렇게 보입니다.</translation>
    </message>
    <message>
        <source>tray</source>
        <translation>트레이</translation>
    </message>
</context>
<context>
    <name>Details</name>
    <message>
        <source>the event loop stood still for {0} s</source>
        <translation>프로그램이 {0}초 동안 멈췄습니다</translation>
    </message>
    <message>
        <source>{0}: no sign of life for {1} s</source>
        <translation>{0}: {1}초 동안 응답 없음</translation>
    </message>
    <message>
        <source>a nested event loop held up engine and screen</source>
        <translation>중첩된 이벤트 루프가 엔진과 화면을 멈춰 세웠습니다</translation>
    </message>
    <message>
        <source>the last run did not end properly; entries stay off</source>
        <translation>지난 실행이 정상 종료되지 않았습니다. 진입은 꺼진 채로 있습니다</translation>
    </message>
    <message>
        <source>{0} wrong passwords in a row</source>
        <translation>비밀번호 연속 {0}회 오류</translation>
    </message>
    <message>
        <source>user id {0}</source>
        <translation>사용자 ID {0}</translation>
    </message>
    <message>
        <source>a password is set already</source>
        <translation>이미 비밀번호가 있습니다</translation>
    </message>
    <message>
        <source>set a password first</source>
        <translation>먼저 비밀번호를 정하세요</translation>
    </message>
    <message>
        <source>the switch did not take the password</source>
        <translation>킬 스위치가 비밀번호를 받지 않았습니다</translation>
    </message>
    <message>
        <source>the password needs at least {0} characters</source>
        <translation>비밀번호는 {0}자 이상이어야 합니다</translation>
    </message>
    <message>
        <source>{0}: not written in {1} s</source>
        <translation>{0}: {1}초 안에 저장하지 못했습니다</translation>
    </message>
    <message>
        <source>{0}: cannot be written ({1})</source>
        <translation>{0}: 저장할 수 없습니다({1})</translation>
    </message>
    <message>
        <source>{0}: {1}; entries are refused, exits are tried on</source>
        <translation>{0}: {1}. 진입은 거부하고 청산은 계속 시도합니다</translation>
    </message>
    <message>
        <source>{0}: {1} % away from where it stopped</source>
        <translation>{0}: 멈춘 가격에서 {1}% 벗어남</translation>
    </message>
    <message>
        <source>{0}: {1} before, {2} now ({3} %); signals from before are void</source>
        <translation>{0}: 이전 {1}, 지금 {2} ({3}%). 이전 신호는 무효입니다</translation>
    </message>
    <message>
        <source>maintenance begins {0} UTC</source>
        <translation>점검 시작 {0} UTC</translation>
    </message>
    <message>
        <source>{0}: account and bars were read again</source>
        <translation>{0}: 계좌와 봉을 다시 읽었습니다</translation>
    </message>
    <message>
        <source>{0}: {1}; no entry leaves, exits are tried on</source>
        <translation>{0}: {1}. 진입은 나가지 않고 청산은 계속 시도합니다</translation>
    </message>
    <message>
        <source>{0} calls in a row failed</source>
        <translation>요청 {0}건 연속 실패</translation>
    </message>
    <message>
        <source>{0}: {1} ms for the last call</source>
        <translation>{0}: 마지막 요청에 {1}ms</translation>
    </message>
    <message>
        <source>{0}: its clock is {1} s from ours</source>
        <translation>{0}: 이 컴퓨터와 시계 차이 {1}초</translation>
    </message>
    <message>
        <source>{0}: prices come again</source>
        <translation>{0}: 시세가 다시 들어옵니다</translation>
    </message>
    <message>
        <source>{0}: no price for {1} s; stops go by polled books</source>
        <translation>{0}: {1}초 동안 시세 없음. 손절은 조회한 호가로 판단합니다</translation>
    </message>
    <message>
        <source>{0}: {1} to {2} UTC; no entry leaves</source>
        <translation>{0}: {1}부터 {2}까지 UTC. 진입은 나가지 않습니다</translation>
    </message>
    <message>
        <source>{0} {1}: {2} of {3} calls failed</source>
        <translation>{0} {1}: 요청 {3}건 중 {2}건 실패</translation>
    </message>
    <message>
        <source>{0} {1}: {2} of {3} calls took {4} s or longer</source>
        <translation>{0} {1}: 요청 {3}건 중 {2}건이 {4}초 이상 걸림</translation>
    </message>
    <message>
        <source>{0} {1}: {2} calls were answered</source>
        <translation>{0} {1}: 요청 {2}건에 응답이 왔습니다</translation>
    </message>
    <message>
        <source>{0} {1}: no call failed meanwhile</source>
        <translation>{0} {1}: 그동안 실패한 요청 없음</translation>
    </message>
    <message>
        <source>{0} {1}: by hand: {2}</source>
        <translation>{0} {1}: 수동: {2}</translation>
    </message>
    <message>
        <source>{0} {1}: by hand</source>
        <translation>{0} {1}: 수동</translation>
    </message>
    <message>
        <source>order {0} in {1} is ours, and the journal does not know it</source>
        <translation>{1}의 주문 {0}은(는) 이 프로그램의 주문인데 기록에 없습니다</translation>
    </message>
    <message>
        <source>open order {0} in {1} was not made here</source>
        <translation>{1}의 미체결 주문 {0}은(는) 여기서 낸 주문이 아닙니다</translation>
    </message>
    <message>
        <source>{0}: {1} units fewer at the venue than in our books</source>
        <translation>{0}: 거래소 수량이 장부보다 {1} 적습니다</translation>
    </message>
    <message>
        <source>{0}: nothing left at the venue to sell</source>
        <translation>{0}: 거래소에 팔 수량이 남아 있지 않습니다</translation>
    </message>
    <message>
        <source>{0} in {1} is {2} here and open at the venue; cancelling it</source>
        <translation>{1}의 주문 {0}: 여기서는 {2}, 거래소에는 미체결로 남아 있어 취소합니다</translation>
    </message>
    <message>
        <source>{0} is {1} here and not open at the venue</source>
        <translation>주문 {0}: 여기서는 {1}, 거래소에는 미체결 주문이 없습니다</translation>
    </message>
    <message>
        <source>{0} is {1} here and open at the venue</source>
        <translation>주문 {0}: 여기서는 {1}, 거래소에는 미체결로 남아 있습니다</translation>
    </message>
    <message>
        <source>open order {0} in {1} is not ours</source>
        <translation>{1}의 미체결 주문 {0}은(는) 이 프로그램의 주문이 아닙니다</translation>
    </message>
    <message>
        <source>{0}: {1} units fewer at the venue</source>
        <translation>{0}: 거래소 수량이 {1} 적습니다</translation>
    </message>
    <message>
        <source>emergency control</source>
        <translation>긴급 청산</translation>
    </message>
    <message>
        <source>{0}: lost {1}, allowed {2}</source>
        <translation>{0}: 손실 {1}, 한도 {2}</translation>
    </message>
    <message>
        <source>the account was not read yet</source>
        <translation>계좌를 아직 읽지 못했습니다</translation>
    </message>
    <message>
        <source>what the account is worth is not known</source>
        <translation>계좌 평가액을 알 수 없습니다</translation>
    </message>
    <message>
        <source>{0} is held and has no price</source>
        <translation>보유 중인 {0}의 가격이 없습니다</translation>
    </message>
    <message>
        <source>{0} is held and nobody bids</source>
        <translation>보유 중인 {0}에 매수 호가가 없습니다</translation>
    </message>
    <message>
        <source>{0} is held and its price is {1} s old</source>
        <translation>보유 중인 {0}의 가격이 {1}초 전 것입니다</translation>
    </message>
</context>
<context>
    <name>Drill</name>
    <message>
        <source>Passed</source>
        <translation>통과</translation>
    </message>
    <message>
        <source>Something was left that the card had not named</source>
        <translation>카드가 알리지 않은 것이 남음</translation>
    </message>
    <message>
        <source>Something was sold that the card had called unsellable</source>
        <translation>카드가 못 판다고 한 것이 팔림</translation>
    </message>
    <message>
        <source>Sold, but slower than foretold</source>
        <translation>팔렸지만 예고보다 느림</translation>
    </message>
    <message>
        <source>Did not come to its end</source>
        <translation>끝나지 않음</translation>
    </message>
    <message>
        <source>Could not be run</source>
        <translation>실행할 수 없음</translation>
    </message>
    <message>
        <source>Opening an exchange of its own</source>
        <translation>별도 거래소 여는 중</translation>
    </message>
    <message>
        <source>Copying positions and books</source>
        <translation>포지션과 호가 복사 중</translation>
    </message>
    <message>
        <source>Reading books and balances</source>
        <translation>호가와 잔고 확인 중</translation>
    </message>
    <message>
        <source>Pressed</source>
        <translation>누름</translation>
    </message>
    <message>
        <source>Comparing with the exchange&apos;s ledger</source>
        <translation>거래소 원장과 대조 중</translation>
    </message>
    <message>
        <source>{verdict} ({took} s, p95 {p95} s)</source>
        <translation>{verdict} ({took}초, p95 {p95}초)</translation>
    </message>
</context>
<context>
    <name>DrillDialog</name>
    <message>
        <source>A drill could not be started: nothing is held, or one is on already.</source>
        <translation>훈련을 시작할 수 없습니다. 보유한 것이 없거나 이미 진행 중입니다.</translation>
    </message>
    <message>
        <source>Drill with the {count} present positions</source>
        <translation>현재 포지션 {count}개로 훈련</translation>
    </message>
    <message>
        <source>{done} of {lines} positions sold</source>
        <translation>{lines}개 중 {done}개 매도됨</translation>
    </message>
    <message>
        <source>Last drill: {words}</source>
        <translation>마지막 훈련: {words}</translation>
    </message>
    <message>
        <source>Nothing is held now; a drill on sample positions shows the same way.</source>
        <translation>지금 보유한 포지션이 없습니다. 예시 포지션으로 같은 과정을 훈련할 수 있습니다.</translation>
    </message>
    <message>
        <source>No drill yet.</source>
        <translation>아직 훈련 기록이 없습니다.</translation>
    </message>
    <message>
        <source>Fire drill</source>
        <translation>모의 청산 훈련</translation>
    </message>
    <message>
        <source>Presses the emergency control on a copy of your positions, in an exchange of its own on this computer. The real account and the running engine are not touched.</source>
        <translation>지금 포지션의 사본으로, 이 컴퓨터의 별도 모의 거래소에서 긴급 청산을 실행해 봅니다. 실제 계좌와 실행 중인 엔진은 건드리지 않습니다.</translation>
    </message>
    <message>
        <source>Drill with sample positions</source>
        <translation>예시 포지션으로 훈련</translation>
    </message>
    <message>
        <source>Bar: seconds it took · thick line: p95 · dashed: expected · * sample positions · last: program code</source>
        <translation>막대: 걸린 시간 · 굵은 선: p95 · 점선: 예상 · * 예시 포지션 · 마지막 칸: 프로그램 코드</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>시작</translation>
    </message>
    <message>
        <source>Positions</source>
        <translation>포지션</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>예상</translation>
    </message>
    <message>
        <source>p95</source>
        <translation>p95</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>소요</translation>
    </message>
    <message>
        <source>Slippage foretold</source>
        <translation>예상 슬리피지</translation>
    </message>
    <message>
        <source>Slippage</source>
        <translation>슬리피지</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>결과</translation>
    </message>
    <message>
        <source>Left · code</source>
        <translation>남은 것 · 코드</translation>
    </message>
</context>
<context>
    <name>DustTable</name>
    <message>
        <source>Market</source>
        <translation>마켓</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>남은 수량</translation>
    </message>
    <message>
        <source>Worth</source>
        <translation>금액</translation>
    </message>
    <message>
        <source>At the price of that moment, in KRW</source>
        <translation>그때 가격으로 계산한 원화 금액</translation>
    </message>
    <message>
        <source>When</source>
        <translation>시각</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>전략</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>포지션</translation>
    </message>
    <message>
        <source>{count} entries, worth {worth} when they were left</source>
        <translation>{count}건, 남을 당시 {worth}</translation>
    </message>
    <message>
        <source>Dust</source>
        <translation>자투리</translation>
    </message>
    <message>
        <source>No dust. What is left and too small to be sold is listed here.</source>
        <translation>자투리가 없습니다. 최소 금액보다 적어 팔 수 없는 잔량이 여기에 나옵니다.</translation>
    </message>
</context>
<context>
    <name>Emergency</name>
    <message>
        <source>too little to be sold at this venue</source>
        <translation>거래소 최소 금액보다 적음</translation>
    </message>
    <message>
        <source>the venue does not trade this market now</source>
        <translation>거래소가 지금 이 마켓을 거래하지 않음</translation>
    </message>
    <message>
        <source>nobody buys at the moment</source>
        <translation>지금 매수 호가가 없음</translation>
    </message>
    <message>
        <source>the venue does not answer</source>
        <translation>거래소가 응답하지 않음</translation>
    </message>
    <message>
        <source>the venue&apos;s rate limit holds calls back</source>
        <translation>거래소 요청 한도 때문에 대기 중</translation>
    </message>
    <message>
        <source>the venue refuses the sale</source>
        <translation>거래소가 매도를 거부함</translation>
    </message>
    <message>
        <source>the venue has fewer free units than our books</source>
        <translation>거래소의 매도 가능 수량이 장부보다 적음</translation>
    </message>
    <message>
        <source>an order with an unknown outcome</source>
        <translation>결과를 알 수 없는 주문</translation>
    </message>
    <message>
        <source>an order still works at the venue</source>
        <translation>거래소에 주문이 남아 있음</translation>
    </message>
    <message>
        <source>an order that was not made here still works</source>
        <translation>다른 곳에서 낸 주문이 남아 있음</translation>
    </message>
    <message>
        <source>still held</source>
        <translation>아직 보유 중</translation>
    </message>
    <message>
        <source>the rules of this market are not loaded yet</source>
        <translation>이 마켓의 규칙을 아직 받지 못함</translation>
    </message>
    <message>
        <source>the venue has not told yet what the last run had sent</source>
        <translation>지난 실행이 보낸 주문을 거래소가 아직 알려 주지 않음</translation>
    </message>
    <message>
        <source>a sale of the last run is found and not booked yet</source>
        <translation>지난 실행의 매도를 찾았으나 아직 장부에 올리지 않았습니다</translation>
    </message>
    <message>
        <source>the venue did not confirm yet</source>
        <translation>거래소가 아직 확인해 주지 않음</translation>
    </message>
    <message>
        <source>it stays; nothing more is done</source>
        <translation>그대로 두며 더 하지 않습니다</translation>
    </message>
    <message>
        <source>tried again every 10 s until the market opens</source>
        <translation>마켓이 열릴 때까지 10초마다 다시 시도합니다</translation>
    </message>
    <message>
        <source>tried again every 10 s until somebody buys</source>
        <translation>매수 호가가 나올 때까지 10초마다 다시 시도합니다</translation>
    </message>
    <message>
        <source>asked again without end</source>
        <translation>응답할 때까지 계속 다시 묻습니다</translation>
    </message>
    <message>
        <source>goes out as soon as the limit allows</source>
        <translation>한도가 허락하는 즉시 보냅니다</translation>
    </message>
    <message>
        <source>tried again every 10 s, each time as another kind of order</source>
        <translation>10초마다 다른 주문 유형으로 다시 시도합니다</translation>
    </message>
    <message>
        <source>what is free is sold, the rest as soon as it is</source>
        <translation>가능한 수량을 팔고 나머지는 풀리는 즉시 팝니다</translation>
    </message>
    <message>
        <source>looked up every 5 s; nothing is sold twice</source>
        <translation>5초마다 조회합니다. 두 번 팔지 않습니다</translation>
    </message>
    <message>
        <source>cancelled again every 2 s</source>
        <translation>2초마다 다시 취소합니다</translation>
    </message>
    <message>
        <source>cancelled again with every reading</source>
        <translation>잔고를 읽을 때마다 다시 취소합니다</translation>
    </message>
    <message>
        <source>read again every 2 s; please look at the venue&apos;s own screen</source>
        <translation>2초마다 다시 읽습니다. 거래소 화면도 확인해 주세요</translation>
    </message>
    <message>
        <source>sold as soon as they are</source>
        <translation>받는 즉시 매도합니다</translation>
    </message>
    <message>
        <source>asked every second, sold after 2 minutes at the latest</source>
        <translation>1초마다 묻고 늦어도 2분 뒤에는 매도합니다</translation>
    </message>
    <message>
        <source>booked once the order before it has ended; nothing is sold twice</source>
        <translation>앞선 주문이 끝나면 장부에 올립니다. 두 번 팔지 않습니다</translation>
    </message>
    <message>
        <source>read again every 2 s</source>
        <translation>2초마다 다시 읽습니다</translation>
    </message>
    <message>
        <source>Block entries</source>
        <translation>진입 차단</translation>
    </message>
    <message>
        <source>Cancel entries</source>
        <translation>진입 주문 취소</translation>
    </message>
    <message>
        <source>Cancel all orders</source>
        <translation>모든 주문 취소</translation>
    </message>
    <message>
        <source>Reduce by {percent} %</source>
        <translation>{percent}% 줄이기</translation>
    </message>
    <message>
        <source>Sell everything</source>
        <translation>전부 매도</translation>
    </message>
    <message>
        <source>Sell everything and lock</source>
        <translation>전부 매도하고 잠금</translation>
    </message>
    <message>
        <source>all</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>positions in profit</source>
        <translation>수익 포지션</translation>
    </message>
    <message>
        <source>positions at a loss</source>
        <translation>손실 포지션</translation>
    </message>
    <message>
        <source>{what} — {doing}</source>
        <translation>{what} — {doing}</translation>
    </message>
    <message>
        <source>{market} not before {time}</source>
        <translation>{market} {time} 이후 가능</translation>
    </message>
    <message>
        <source>whole account</source>
        <translation>계좌 전체</translation>
    </message>
</context>
<context>
    <name>EmergencyCard</name>
    <message>
        <source>nothing open</source>
        <translation>열린 것이 없음</translation>
    </message>
    <message>
        <source>slippage {slippage}</source>
        <translation>슬리피지 {slippage}</translation>
    </message>
    <message>
        <source>about {expected} s (p95 {p95} s)</source>
        <translation>약 {expected}초 (p95 {p95}초)</translation>
    </message>
    <message>
        <source>{positions} at {venues}, {cancels}, {orders}</source>
        <translation>{venues} {positions}, {cancels}, {orders}</translation>
    </message>
    <message>
        <source>{count} larger than the visible book</source>
        <translation>보이는 호가보다 큰 포지션 {count}개</translation>
    </message>
    <message>
        <source>{count} without a fresh book</source>
        <translation>최신 호가 없는 포지션 {count}개</translation>
    </message>
    <message>
        <source>Pressing now:</source>
        <translation>지금 누르면:</translation>
    </message>
    <message>
        <source>Less or more…</source>
        <translation>범위 선택…</translation>
    </message>
    <message>
        <source>Block, cancel, reduce or flatten only a part; or the whole account</source>
        <translation>일부만 차단, 취소, 축소, 청산하거나 계좌 전체를 청산합니다</translation>
    </message>
    <message>
        <source>Runs…</source>
        <translation>실행 기록…</translation>
    </message>
    <message>
        <source>Earlier runs: what was foretold and what came</source>
        <translation>지난 실행: 예측과 실제</translation>
    </message>
</context>
<context>
    <name>EmergencyControl</name>
    <message>
        <source>press again within 3 s</source>
        <translation>3초 안에 한 번 더</translation>
    </message>
    <message>
        <source>keep holding</source>
        <translation>계속 누르세요</translation>
    </message>
    <message>
        <source>hold</source>
        <translation>길게 누르기</translation>
    </message>
    <message>
        <source>hold · nothing open</source>
        <translation>길게 누르기 · 대상 없음</translation>
    </message>
    <message>
        <source>Liquidate all</source>
        <translation>긴급 전체 청산</translation>
    </message>
    <message>
        <source>running · {positions}</source>
        <translation>진행 중 · {positions}</translation>
    </message>
    <message>
        <source>hold · {items} · about {seconds} s</source>
        <translation>길게 누르기 · {items} · 예상 {seconds}초</translation>
    </message>
    <message>
        <source>Hold for one second, or press it twice: {what}.</source>
        <translation>1초 동안 누르거나 두 번 누르세요: {what}.</translation>
    </message>
    <message>
        <source>Hold for one second, or press Ctrl+Shift+L twice: blocks entries, cancels every order and sells every position at market.</source>
        <translation>1초 동안 누르거나 Ctrl+Shift+L을 두 번 누르면: 진입을 막고, 모든 주문을 취소하고, 모든 포지션을 시장가로 팝니다.</translation>
    </message>
    <message>
        <source>Now: {cancels}, {sales}; 95 of 100 times within {seconds} s.</source>
        <translation>지금: {cancels}, {sales}; 100번 중 95번은 {seconds}초 안에 끝납니다.</translation>
    </message>
    <message>
        <source>Not sellable now: {markets}.</source>
        <translation>지금 팔 수 없음: {markets}.</translation>
    </message>
</context>
<context>
    <name>EventTimelineWidget</name>
    <message>
        <source>… and {count} earlier</source>
        <translation>… 이전 {count}건</translation>
    </message>
    <message>
        <source>Nothing has happened yet. Orders, fills and alerts appear here.</source>
        <translation>아직 아무 일도 없습니다. 주문, 체결, 경고가 여기에 나옵니다.</translation>
    </message>
    <message>
        <source>Event timeline</source>
        <translation>이벤트 시간선</translation>
    </message>
    <message>
        <source>Left and right arrow: previous and next event. Plus and minus: zoom. Enter: select.</source>
        <translation>좌우 화살표: 이전·다음 이벤트. 더하기·빼기: 확대·축소. Enter: 선택.</translation>
    </message>
    <message>
        <source>Orders</source>
        <translation>주문</translation>
    </message>
    <message>
        <source>Fills</source>
        <translation>체결</translation>
    </message>
    <message>
        <source>Risk</source>
        <translation>위험</translation>
    </message>
    <message>
        <source>System</source>
        <translation>시스템</translation>
    </message>
</context>
<context>
    <name>Events</name>
    <message>
        <source>{market}: {side} filled, {volume} at {price}</source>
        <translation>{market}: {side} 체결, {price}에 {volume}</translation>
    </message>
    <message>
        <source>{market}: {side} order refused. {reason}</source>
        <translation>{market}: {side} 주문 거절. {reason}</translation>
    </message>
    <message>
        <source>Command refused, nothing changed. {reason}</source>
        <translation>명령이 거절되어 바뀐 것이 없습니다. {reason}</translation>
    </message>
    <message>
        <source>{market}: {reason} triggered at {price}</source>
        <translation>{market}: {price}에서 {reason} 발동</translation>
    </message>
    <message>
        <source>Program started, run {epoch}, {mode}</source>
        <translation>프로그램 시작, {epoch}번째 실행, {mode}</translation>
    </message>
    <message>
        <source>Program started after an unclean end, run {epoch}, {mode}</source>
        <translation>비정상 종료 후 프로그램 시작, {epoch}번째 실행, {mode}</translation>
    </message>
    <message>
        <source>Program ended properly, run {epoch}</source>
        <translation>프로그램 정상 종료, {epoch}번째 실행</translation>
    </message>
    <message>
        <source>Trading: {before} → {after}</source>
        <translation>거래: {before} → {after}</translation>
    </message>
    <message>
        <source>Books and {venue} agree</source>
        <translation>장부와 {venue} 일치</translation>
    </message>
    <message>
        <source>{count} differences from {venue}: {first}</source>
        <translation>{venue}와 차이 {count}건: {first}</translation>
    </message>
    <message>
        <source>Fire drill: {verdict}</source>
        <translation>모의 청산 훈련: {verdict}</translation>
    </message>
    <message>
        <source>Change from outside at {venue}: {detail}</source>
        <translation>{venue}에서 외부 변경: {detail}</translation>
    </message>
    <message>
        <source>{venue}: {stream} stream connected</source>
        <translation>{venue}: {stream} 연결됨</translation>
    </message>
    <message>
        <source>{venue}: {stream} stream lost</source>
        <translation>{venue}: {stream} 끊김</translation>
    </message>
    <message>
        <source>{name} was let past the gate from paper to live. Missing: {rules}</source>
        <translation>{name}: 모의→실전 관문을 예외로 통과시켰습니다. 부족한 항목: {rules}</translation>
    </message>
    <message>
        <source>everything, it never ran in paper mode</source>
        <translation>전부, 모의 계좌에서 실행된 적이 없습니다</translation>
    </message>
    <message>
        <source>{venue}, circuit breaker of {group}: {state}</source>
        <translation>{venue} {group} 서킷 브레이커: {state}</translation>
    </message>
    <message>
        <source>{what} ended without effect: {reason}</source>
        <translation>{what}: 효과 없이 끝남. {reason}</translation>
    </message>
    <message>
        <source>Off the list of what can be done again: {reason}</source>
        <translation>다시 실행할 수 있는 목록에서 빠짐: {reason}</translation>
    </message>
    <message>
        <source>Loss acknowledged; both limits count from now on</source>
        <translation>손실을 확인했습니다. 두 한도를 지금부터 다시 셉니다</translation>
    </message>
    <message>
        <source>Losses count from a profit of {day} today, of {total} in all</source>
        <translation>손실 기준: 오늘 손익 {day}, 전체 손익 {total}부터</translation>
    </message>
    <message>
        <source>Halt written down (mark {number}): {reason}</source>
        <translation>거래 정지 기록됨 (표식 {number}): {reason}</translation>
    </message>
    <message>
        <source>Kill switch ready, written down (mark {number}): {reason}</source>
        <translation>킬 스위치 준비됨, 기록됨 (표식 {number}): {reason}</translation>
    </message>
    <message>
        <source>{outcome}, {count} failed in a row</source>
        <translation>{outcome}, 연속 실패 {count}회</translation>
    </message>
    <message>
        <source>Acknowledged: {notice} ({who})</source>
        <translation>확인함: {notice} ({who})</translation>
    </message>
    <message>
        <source>Remote command {command} of user {user}: {outcome}</source>
        <translation>원격 명령 {command}, 사용자 {user}: {outcome}</translation>
    </message>
    <message>
        <source>Report of the day: {report}</source>
        <translation>일일 보고: {report}</translation>
    </message>
    <message>
        <source>market data</source>
        <translation>시세</translation>
    </message>
    <message>
        <source>account</source>
        <translation>계좌</translation>
    </message>
    <message>
        <source>{volume} at {price}</source>
        <translation>{price}에 {volume}</translation>
    </message>
    <message>
        <source>{market}: {side} order, {type} {size}: {state}</source>
        <translation>{market}: {side} 주문, {type} {size}: {state}</translation>
    </message>
    <message>
        <source>{market}: {side} at {actual} on average, {predicted} by the book ({difference})</source>
        <translation>{market}: {side} 평균 {actual}, 호가 기준 예상 {predicted} ({difference})</translation>
    </message>
    <message>
        <source>{market}: {strategy} closed by {reason}, realised {profit}</source>
        <translation>{market}: {strategy} 종료({reason}), 실현 {profit}</translation>
    </message>
    <message>
        <source>{market}: {strategy} is now {state}</source>
        <translation>{market}: {strategy} {state}</translation>
    </message>
    <message>
        <source>{market}: {side} instruction ({condition}) is now {state}</source>
        <translation>{market}: {side} 지시({condition}) 상태: {state}</translation>
    </message>
    <message>
        <source>Emergency liquidation: {stage}, {done} of {total} positions sold</source>
        <translation>긴급 청산: {stage}, {total}건 중 {done}건 매도</translation>
    </message>
    <message>
        <source>{market}: {side} by {algorithm}, {filled} of {ordered} at {price} on average</source>
        <translation>{market}: {algorithm} {side} {ordered} 중 {filled} 체결, 평균 {price}</translation>
    </message>
    <message>
        <source>to arrival {cost}</source>
        <translation>도착가 대비 {cost}</translation>
    </message>
    <message>
        <source>to VWAP {cost}</source>
        <translation>VWAP 대비 {cost}</translation>
    </message>
    <message>
        <source>to TWAP {cost}</source>
        <translation>TWAP 대비 {cost}</translation>
    </message>
</context>
<context>
    <name>EventsList</name>
    <message>
        <source>Time</source>
        <translation>시간</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>이벤트</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>이벤트</translation>
    </message>
    <message>
        <source>Nothing has happened yet.</source>
        <translation>아직 아무 일도 없습니다.</translation>
    </message>
</context>
<context>
    <name>FillsTable</name>
    <message>
        <source>Time</source>
        <translation>시간</translation>
    </message>
    <message>
        <source>Market</source>
        <translation>마켓</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>구분</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>가격</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>수량</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>금액</translation>
    </message>
    <message>
        <source>Fee</source>
        <translation>수수료</translation>
    </message>
    <message>
        <source>Order ID</source>
        <translation>주문 번호</translation>
    </message>
    <message>
        <source>Why did it trade?</source>
        <translation>왜 거래했나요?</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>복사</translation>
    </message>
    <message>
        <source>Fills</source>
        <translation>체결</translation>
    </message>
    <message>
        <source>Enter tells why a fill was traded.</source>
        <translation>Enter를 누르면 체결의 이유를 봅니다.</translation>
    </message>
    <message>
        <source>No fills yet.</source>
        <translation>아직 체결이 없습니다.</translation>
    </message>
</context>
<context>
    <name>FirstRunDialog</name>
    <message>
        <source>Welcome</source>
        <translation>환영합니다</translation>
    </message>
    <message>
        <source>Welcome to Gwanje</source>
        <translation>관제에 오신 것을 환영합니다</translation>
    </message>
    <message>
        <source>You trade on a practice exchange that runs on this computer. It behaves like a real venue, with a market of its own and 50,000,000 won of play money. No key and no account is needed, and nothing leaves this computer.</source>
        <translation>이 컴퓨터에서 도는 연습 거래소에서 거래합니다. 자체 시장과 연습용 5천만 원으로 실제 거래소처럼 움직입니다. 키도 계좌도 필요 없고, 아무것도 이 컴퓨터 밖으로 나가지 않습니다.</translation>
    </message>
    <message>
        <source>To begin: enable entries, choose a strategy, a market and a budget on the right, and press Start. Exits stay armed whatever happens, also after a crash.</source>
        <translation>시작하려면 오른쪽에서 진입을 허용하고 전략, 마켓, 예산을 고른 뒤 전략 실행을 누르세요. 손절과 같은 종료 조건은 어떤 경우에도, 비정상 종료 뒤에도 계속 지킵니다.</translation>
    </message>
    <message>
        <source>The striped button at the top right ends everything: hold it for one second. It says beforehand what it will do and stays on the screen until the venue has confirmed that nothing is left.</source>
        <translation>오른쪽 위의 빗금 버튼은 모든 것을 끝냅니다. 1초 동안 누르세요. 무엇을 할지 미리 알려 주고, 남은 것이 없다고 거래소가 확인할 때까지 화면에 남아 있습니다.</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation>시작하기</translation>
    </message>
</context>
<context>
    <name>HaltBanner</name>
    <message>
        <source>Trading is halted</source>
        <translation>거래 정지됨</translation>
    </message>
    <message>
        <source>Leave the halt…</source>
        <translation>정지 해제…</translation>
    </message>
    <message>
        <source>No entry leaves; exits go on.</source>
        <translation>진입 주문은 나가지 않고 청산은 계속됩니다.</translation>
    </message>
    <message>
        <source>{reason}, since {time} (run {run}).</source>
        <translation>{reason}, {time}부터 (실행 {run}).</translation>
    </message>
</context>
<context>
    <name>HealthRow</name>
    <message>
        <source>none</source>
        <extracomment>From this many seconds on a difference of the clocks is marked. A maintenance further away is not counted down.</extracomment>
        <translation>없음</translation>
    </message>
    <message>
        <source>Venue</source>
        <translation>거래소</translation>
    </message>
    <message>
        <source>Answers p50 / p99</source>
        <translation>응답 p50 / p99</translation>
    </message>
    <message>
        <source>Last check</source>
        <translation>마지막 점검</translation>
    </message>
    <message>
        <source>Newest price</source>
        <translation>최근 시세</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>시계 차이</translation>
    </message>
    <message>
        <source>Maintenance</source>
        <translation>서버 점검</translation>
    </message>
    <message>
        <source>Halted markets</source>
        <translation>멈춘 종목</translation>
    </message>
    <message>
        <source>How far the venue&apos;s clock is ahead of this computer&apos;s</source>
        <translation>거래소 시계가 이 컴퓨터보다 앞선 정도</translation>
    </message>
    <message>
        <source>No entry leaves from an hour before until its end</source>
        <translation>시작 한 시간 전부터 끝날 때까지 진입 주문을 내지 않습니다</translation>
    </message>
</context>
<context>
    <name>Instructions</name>
    <message>
        <source>Until cancelled</source>
        <translation>취소할 때까지</translation>
    </message>
    <message>
        <source>IOC: rest cancelled</source>
        <translation>IOC: 잔량 취소</translation>
    </message>
    <message>
        <source>FOK: all or nothing</source>
        <translation>FOK: 전량 아니면 취소</translation>
    </message>
    <message>
        <source>Post-only: only rests</source>
        <translation>Post-only: 호가 등록만</translation>
    </message>
    <message>
        <source>Rest waits</source>
        <translation>미체결분 대기</translation>
    </message>
    <message>
        <source>Rest is cancelled</source>
        <translation>미체결분 취소</translation>
    </message>
    <message>
        <source>Rest is cancelled, a small one bought at market</source>
        <translation>취소하고 조금 남으면 시장가 매수</translation>
    </message>
    <message>
        <source>What is not filled waits until you end it.</source>
        <translation>체결되지 않은 수량은 직접 끝낼 때까지 기다립니다.</translation>
    </message>
    <message>
        <source>What is not filled ends by time, or when the price has risen.</source>
        <translation>체결되지 않은 수량은 시간이 지나거나 가격이 오르면 취소됩니다.</translation>
    </message>
    <message>
        <source>It ends by time or drift; when nearly all is filled by then, the rest is bought at market.</source>
        <translation>시간이 지나거나 가격이 벗어나면 취소됩니다. 시간이 지났을 때 거의 체결되었으면 나머지를 시장가로 삽니다.</translation>
    </message>
    <message>
        <source>The position closes</source>
        <extracomment>What the engine notes, in its own words.</extracomment>
        <translation>포지션이 청산됩니다</translation>
    </message>
    <message>
        <source>The position is paused</source>
        <translation>포지션이 일시 중지됨</translation>
    </message>
    <message>
        <source>Its alternative came first</source>
        <translation>짝 주문이 먼저 체결됨</translation>
    </message>
    <message>
        <source>What it waited for did not happen</source>
        <translation>기다리던 일이 일어나지 않음</translation>
    </message>
    <message>
        <source>The time is over</source>
        <translation>시간이 끝남</translation>
    </message>
    <message>
        <source>The rest is too small to be sent</source>
        <translation>남은 수량이 너무 적어 보낼 수 없음</translation>
    </message>
    <message>
        <source>Ended in part</source>
        <translation>일부만 체결되고 종료</translation>
    </message>
    <message>
        <source>Ended without a trade</source>
        <translation>체결 없이 종료</translation>
    </message>
</context>
<context>
    <name>InstructionsTable</name>
    <message>
        <source>Market</source>
        <translation>마켓</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>구분</translation>
    </message>
    <message>
        <source>State</source>
        <translation>상태</translation>
    </message>
    <message>
        <source>Waits for</source>
        <translation>대기 조건</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>유형</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>수량</translation>
    </message>
    <message>
        <source>Filled</source>
        <translation>체결</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>접수</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>비고</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>재개</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>일시 중지</translation>
    </message>
    <message>
        <source>Instructions</source>
        <translation>지시</translation>
    </message>
    <message>
        <source>Delete withdraws, Space pauses or resumes, F2 amends the row.</source>
        <translation>Delete는 철회, Space는 일시 중지와 재개, F2는 정정입니다.</translation>
    </message>
    <message>
        <source>No instructions yet. Ctrl+O opens the order ticket.</source>
        <translation>아직 지시가 없습니다. Ctrl+O로 주문 창을 엽니다.</translation>
    </message>
    <message>
        <source>Amend</source>
        <translation>정정</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>철회</translation>
    </message>
    <message>
        <source>Change price or size (F2)</source>
        <translation>가격이나 수량 정정 (F2)</translation>
    </message>
    <message>
        <source>Pause or resume; what it has at the venue is cancelled (Space)</source>
        <translation>일시 중지 또는 재개. 거래소에 있는 주문은 취소됩니다 (Space)</translation>
    </message>
    <message>
        <source>End it and cancel what it has at the venue (Del)</source>
        <translation>지시를 끝내고 거래소의 주문을 취소합니다 (Del)</translation>
    </message>
</context>
<context>
    <name>KeyDialog</name>
    <message>
        <source>The system&apos;s key store cannot be used: {reason}</source>
        <translation>시스템 키 저장소를 사용할 수 없습니다: {reason}</translation>
    </message>
    <message>
        <source>The key is kept in the system&apos;s key store.</source>
        <translation>키를 시스템 키 저장소에 보관했습니다.</translation>
    </message>
    <message>
        <source>The key is deleted here. Withdraw it at Upbit as well.</source>
        <translation>이 컴퓨터에서 키를 삭제했습니다. 업비트에서도 폐기하세요.</translation>
    </message>
    <message>
        <source>No key is kept.</source>
        <translation>보관된 키가 없습니다.</translation>
    </message>
    <message>
        <source>Kept: a key ending in {tail}</source>
        <translation>보관 중: 끝자리 {tail}</translation>
    </message>
    <message>
        <source>Press again to delete it</source>
        <translation>한 번 더 누르면 삭제합니다</translation>
    </message>
    <message>
        <source>Delete the kept key</source>
        <translation>보관된 키 삭제</translation>
    </message>
    <message>
        <source>Key of the live account</source>
        <translation>실전 계좌 키</translation>
    </message>
    <message>
        <source>Make a key at Upbit that may read assets, read orders and place orders, and nothing else, and put this computer&apos;s address on its list. A key that has to do with withdrawals is refused.</source>
        <translation>업비트에서 자산조회, 주문조회, 주문하기 권한만 있는 키를 만들고 이 컴퓨터의 IP 주소를 허용 목록에 등록하세요. 출금과 관련된 권한이 있는 키는 거부합니다.</translation>
    </message>
    <message>
        <source>Access key</source>
        <translation>액세스 키</translation>
    </message>
    <message>
        <source>Secret key</source>
        <translation>시크릿 키</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>검사</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>보관</translation>
    </message>
</context>
<context>
    <name>LatencyView</name>
    <message>
        <source>Decision</source>
        <translation>판단</translation>
    </message>
    <message>
        <source>Journal</source>
        <translation>저널</translation>
    </message>
    <message>
        <source>Wire</source>
        <translation>전송</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>합계</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>응답</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>체결</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>구간</translation>
    </message>
    <message>
        <source>Orders</source>
        <translation>주문</translation>
    </message>
    <message>
        <source>Longest</source>
        <translation>최장</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>분포</translation>
    </message>
    <message>
        <source>Since the start of the program. The line is the median, the dashed one the time 99 of 100 orders do not exceed; the axis is logarithmic. Total is decision, journal and wire together.</source>
        <translation>프로그램을 시작한 뒤의 값입니다. 실선은 중앙값, 점선은 주문 100건 중 99건이 넘지 않는 시간이며 축은 로그 눈금입니다. 합계는 판단, 저널, 전송을 더한 시간입니다.</translation>
    </message>
</context>
<context>
    <name>Launcher</name>
    <message>
        <source>Choose a strategy.</source>
        <translation>전략을 고르세요.</translation>
    </message>
    <message>
        <source>The stop-loss must be above 0 and below 100 %.</source>
        <translation>손절은 0보다 크고 100%보다 작아야 합니다.</translation>
    </message>
    <message>
        <source>Choose a market.</source>
        <translation>마켓을 고르세요.</translation>
    </message>
    <message>
        <source>Enter a budget in won.</source>
        <translation>예산을 원 단위로 입력하세요.</translation>
    </message>
    <message>
        <source>The budget is below the venue&apos;s minimum of {least}.</source>
        <translation>예산이 거래소 최소 금액 {least}원보다 작습니다.</translation>
    </message>
    <message>
        <source>The budget is above your limit of {most} per position.</source>
        <translation>예산이 포지션당 한도 {most}원을 넘습니다.</translation>
    </message>
    <message>
        <source>Free cash is {cash}; that is not enough for budget and fee.</source>
        <translation>사용 가능 현금이 {cash}원이라 예산과 수수료에 모자랍니다.</translation>
    </message>
    <message>
        <source>fee about {fee} · minimum {least}</source>
        <translation>수수료 약 {fee} · 최소 {least}</translation>
    </message>
    <message>
        <source>more than the visible book holds</source>
        <translation>보이는 호가 잔량보다 많음</translation>
    </message>
    <message>
        <source>slippage about {expected}, {most} allowed</source>
        <translation>슬리피지 약 {expected}, 허용 {most}</translation>
    </message>
</context>
<context>
    <name>LimitBars</name>
    <message>
        <source>{sums} · full: entries refused</source>
        <translation>{sums} · 소진: 진입 거부</translation>
    </message>
    <message>
        <source>Limits bind entries only. Exits always pass.</source>
        <translation>한도는 진입만 막습니다. 청산은 언제나 통과합니다.</translation>
    </message>
</context>
<context>
    <name>LimitsDialog</name>
    <message>
        <source>Limits and their use</source>
        <translation>한도와 사용량</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>한도</translation>
    </message>
    <message>
        <source>Used</source>
        <translation>사용</translation>
    </message>
    <message>
        <source>Allowed</source>
        <translation>허용</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>비율</translation>
    </message>
    <message>
        <source>Days begin at 09:00 KST. Limits bind entries only, never exits. They are set in settings.toml, section [limits].</source>
        <translation>하루는 오전 9시(KST)에 시작합니다. 한도는 진입에만 적용되며 청산은 막지 않습니다. settings.toml의 [limits]에서 설정합니다.</translation>
    </message>
</context>
<context>
    <name>LiquidationPanel</name>
    <message>
        <source>foretold {predicted} s · took {actual} s</source>
        <translation>예상 {predicted}초 · 실제 {actual}초</translation>
    </message>
    <message>
        <source>foretold {predicted} s · {elapsed} s so far</source>
        <translation>예상 {predicted}초 · 경과 {elapsed}초</translation>
    </message>
    <message>
        <source>slippage {actual}, foretold {foretold}</source>
        <translation>슬리피지 {actual}, 예측 {foretold}</translation>
    </message>
    <message>
        <source>clean readings of the venue: {count} of 2</source>
        <translation>거래소 확인 {count}/2</translation>
    </message>
    <message>
        <source>Emergency liquidation</source>
        <translation>긴급 전체 청산</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Possible when the run is over (Esc)</source>
        <translation>청산이 끝나면 닫을 수 있습니다 (Esc)</translation>
    </message>
    <message>
        <source>Nothing held, not confirmed yet</source>
        <translation>보유 없음, 확인 전</translation>
    </message>
</context>
<context>
    <name>LiveStartDialog</name>
    <message>
        <source>Start with real money</source>
        <translation>실제 돈으로 시작</translation>
    </message>
    <message>
        <source>Real money is at stake</source>
        <translation>실제 돈이 걸려 있습니다</translation>
    </message>
    <message>
        <source>Orders of this run go to your account at Upbit. Type the last {count} characters of your access key.</source>
        <translation>이번 실행의 주문은 업비트의 내 계좌로 나갑니다. 액세스 키의 마지막 {count}자리를 입력하세요.</translation>
    </message>
    <message>
        <source>Last characters of the access key</source>
        <translation>액세스 키 끝자리</translation>
    </message>
    <message>
        <source>Key …</source>
        <translation>키 …</translation>
    </message>
    <message>
        <source>Do not start</source>
        <translation>시작하지 않기</translation>
    </message>
</context>
<context>
    <name>LogView</name>
    <message>
        <source>All</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>Info and above</source>
        <translation>정보 이상</translation>
    </message>
    <message>
        <source>Warnings and above</source>
        <translation>경고 이상</translation>
    </message>
    <message>
        <source>Errors only</source>
        <translation>오류만</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>검색</translation>
    </message>
    <message>
        <source>Newest</source>
        <translation>최신</translation>
    </message>
    <message>
        <source>Scroll to the newest line and follow</source>
        <translation>최신 줄로 이동해 따라가기</translation>
    </message>
    <message>
        <source>Log level</source>
        <translation>로그 수준</translation>
    </message>
    <message>
        <source>Search in the log</source>
        <translation>로그 검색</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>로그</translation>
    </message>
</context>
<context>
    <name>LossCard</name>
    <message>
        <source>Loss limits: nothing told yet</source>
        <translation>손실 한도: 아직 알려진 것 없음</translation>
    </message>
    <message>
        <source>Reached: {names}. Entries wait for you.</source>
        <translation>도달: {names}. 확인할 때까지 진입하지 않습니다.</translation>
    </message>
    <message>
        <source>Loss limits cannot be computed now; entries wait</source>
        <translation>지금은 손실을 계산할 수 없어 진입이 대기합니다</translation>
    </message>
    <message>
        <source>Loss limits are watched on every price; at a full one everything is sold</source>
        <translation>모든 가격마다 손실 한도를 감시합니다. 다 차면 전부 매도합니다</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>확인</translation>
    </message>
    <message>
        <source>Both limits count from now on; entries stay off until you enable them</source>
        <translation>두 한도를 지금부터 다시 셉니다. 진입은 직접 켤 때까지 꺼져 있습니다</translation>
    </message>
    <message>
        <source>Acknowledge the loss</source>
        <translation>손실 확인</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>GATE OVERRIDDEN: {names}</source>
        <extracomment>The mode the program shall be started in again once it has ended.</extracomment>
        <translation>관문 예외 통과: {names}</translation>
    </message>
</context>
<context>
    <name>ModeDialog</name>
    <message>
        <source>Leave them there and start again</source>
        <translation>그대로 두고 다시 시작</translation>
    </message>
    <message>
        <source>Start again in this mode</source>
        <translation>이 모드로 다시 시작</translation>
    </message>
    <message>
        <source>Nothing is held and no order works in the present mode. The program ends and starts again.</source>
        <translation>지금 모드에는 보유 포지션도 미체결 주문도 없습니다. 프로그램을 끝내고 다시 시작합니다.</translation>
    </message>
    <message>
        <source>Staying behind in mode {mode}: {positions} positions ({names}), {orders} working orders.</source>
        <translation>{mode} 모드에 남는 것: 포지션 {positions}개({names}), 미체결 주문 {orders}건.</translation>
    </message>
    <message>
        <source>Nothing watches over them until this mode is started again.</source>
        <translation>이 모드를 다시 시작할 때까지 아무것도 이를 지켜보지 않습니다.</translation>
    </message>
    <message>
        <source>Mode of the next start</source>
        <translation>다음 시작의 모드</translation>
    </message>
    <message>
        <source>Running now: {mode}</source>
        <translation>지금 실행 중: {mode}</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Got it</source>
        <translation>확인</translation>
    </message>
    <message>
        <source>(+{count} more)</source>
        <translation>(외 {count}건)</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>The last run did not end properly. Positions and orders are compared with the venue, exits go on; entries stay off until you enable them.</source>
        <extracomment>The answer to a click needs to be read once only.</extracomment>
        <translation>지난 실행이 정상적으로 끝나지 않았습니다. 포지션과 주문을 거래소와 대조하며 종료 조건은 계속 지킵니다. 진입은 허용할 때까지 꺼져 있습니다.</translation>
    </message>
    <message>
        <source>Enable entries</source>
        <translation>진입 허용</translation>
    </message>
    <message>
        <source>{venue}: the account connection is lost and is being restored; no entry leaves now.</source>
        <translation>{venue}: 계좌 연결이 끊겨 다시 연결하는 중입니다. 지금은 진입 주문이 나가지 않습니다.</translation>
    </message>
    <message>
        <source>{venue}: market data is lost and is being restored; prices on the screen are old.</source>
        <translation>{venue}: 시세가 끊겨 다시 연결하는 중입니다. 화면의 가격은 오래된 것입니다.</translation>
    </message>
    <message>
        <source>Bought</source>
        <translation>매수 체결</translation>
    </message>
    <message>
        <source>Sold</source>
        <translation>매도 체결</translation>
    </message>
    <message>
        <source>The venue refused a sale</source>
        <translation>거래소가 매도를 거절함</translation>
    </message>
    <message>
        <source>Something changed at the venue that was not us</source>
        <translation>거래소에서 프로그램이 하지 않은 변화가 있음</translation>
    </message>
    <message>
        <source>A connection to the venue is lost</source>
        <translation>거래소 연결이 끊김</translation>
    </message>
    <message>
        <source>Program started; entries are off</source>
        <translation>프로그램 시작, 진입 꺼짐</translation>
    </message>
    <message>
        <source>Program started after an unclean end; entries are off</source>
        <translation>비정상 종료 뒤 시작, 진입 꺼짐</translation>
    </message>
    <message>
        <source>Program ended; stops held by it do not work now</source>
        <translation>프로그램 종료, 프로그램이 지키던 손절은 지금 작동하지 않음</translation>
    </message>
    <message>
        <source>Report of the day</source>
        <translation>일일 보고</translation>
    </message>
    <message>
        <source>Emergency liquidation: cancelling orders</source>
        <translation>비상 청산: 주문 취소 중</translation>
    </message>
    <message>
        <source>Emergency liquidation: selling</source>
        <translation>비상 청산: 매도 중</translation>
    </message>
    <message>
        <source>Emergency liquidation: asking the venue for proof</source>
        <translation>비상 청산: 거래소에서 확인 중</translation>
    </message>
    <message>
        <source>Emergency liquidation: flat, proven by the venue</source>
        <translation>비상 청산: 모두 정리됨, 거래소에서 확인함</translation>
    </message>
    <message>
        <source>Emergency liquidation: done, proven by the venue</source>
        <translation>비상 청산: 완료, 거래소에서 확인함</translation>
    </message>
    <message>
        <source>Emergency liquidation: something is left, look at it</source>
        <translation>비상 청산: 남은 것이 있음, 확인 필요</translation>
    </message>
    <message>
        <source>Desktop</source>
        <translation>바탕화면</translation>
    </message>
    <message>
        <source>Telegram</source>
        <translation>텔레그램</translation>
    </message>
    <message>
        <source>Webhook</source>
        <translation>웹훅</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>모두</translation>
    </message>
    <message>
        <source>Warnings and critical</source>
        <translation>경고와 긴급</translation>
    </message>
    <message>
        <source>Critical only</source>
        <translation>긴급만</translation>
    </message>
    <message>
        <source>Telegram cannot be reached</source>
        <extracomment>The notice of a halt; its detail is a reason. What adapters and settings say when something cannot be done; details follow in brackets.</extracomment>
        <translation>텔레그램에 연결할 수 없음</translation>
    </message>
    <message>
        <source>Telegram does not know this bot token</source>
        <translation>텔레그램이 모르는 봇 토큰임</translation>
    </message>
    <message>
        <source>Telegram asks to wait</source>
        <translation>텔레그램이 기다리라고 함</translation>
    </message>
    <message>
        <source>Telegram refused</source>
        <translation>텔레그램이 거절함</translation>
    </message>
    <message>
        <source>Telegram gave no usable answer</source>
        <translation>텔레그램의 답을 쓸 수 없음</translation>
    </message>
    <message>
        <source>the webhook cannot be reached</source>
        <translation>웹훅에 연결할 수 없음</translation>
    </message>
    <message>
        <source>the webhook answered with HTTP</source>
        <translation>웹훅의 답: HTTP</translation>
    </message>
    <message>
        <source>the webhook refused</source>
        <translation>웹훅이 거절함</translation>
    </message>
    <message>
        <source>the channel is not switched on</source>
        <translation>켜지 않은 채널임 (켜고 저장한 뒤 시험하세요)</translation>
    </message>
    <message>
        <source>there is no bot token yet</source>
        <translation>봇 토큰이 아직 없음</translation>
    </message>
    <message>
        <source>this is no bot token; BotFather gives one like 123456789:ABC…</source>
        <translation>봇 토큰이 아닙니다. BotFather가 주는 토큰은 123456789:ABC… 모양입니다</translation>
    </message>
    <message>
        <source>this system has no key store (keyring) that can be used; secrets last until the program ends</source>
        <translation>쓸 수 있는 시스템 키 저장소가 없어 프로그램이 끝날 때까지만 기억합니다</translation>
    </message>
    <message>
        <source>the system&apos;s key store did not answer; it may wait for you to unlock it</source>
        <translation>시스템 키 저장소가 답하지 않습니다. 잠금 해제를 기다릴 수 있습니다</translation>
    </message>
    <message>
        <source>the system&apos;s key store refused</source>
        <translation>시스템 키 저장소가 거절함</translation>
    </message>
    <message>
        <source>must begin with https:// (http:// only on this computer)</source>
        <translation>주소는 https:// 로 시작해야 합니다 (http:// 는 이 컴퓨터만)</translation>
    </message>
    <message>
        <source>must look like 23:00-07:00, or be empty</source>
        <translation>조용한 시간은 23:00-07:00 모양이거나 비워 두세요</translation>
    </message>
    <message>
        <source>must be 1 to 1440</source>
        <translation>분은 1에서 1440까지입니다</translation>
    </message>
    <message>
        <source>must be at most 20 ids above 0</source>
        <translation>사용자 ID는 0보다 큰 수로 20개까지입니다</translation>
    </message>
    <message>
        <source>the screen</source>
        <translation>화면</translation>
    </message>
    <message>
        <source>user {number}</source>
        <translation>사용자 {number}</translation>
    </message>
    <message>
        <source>Nobody has acknowledged this yet (told {count} times).</source>
        <translation>아직 아무도 확인하지 않았습니다 ({count}번 알림).</translation>
    </message>
    <message>
        <source>Realised {profit} KRW after {fees} KRW of fees</source>
        <translation>실현 손익 {profit}원 (수수료 {fees}원 뺀 값)</translation>
    </message>
    <message>
        <source>Limit: {name} {share} used</source>
        <translation>한도: {name} {share} 사용</translation>
    </message>
    <message>
        <source>Entries are off. Exits go on. They are turned on at the screen only.</source>
        <translation>진입을 껐습니다. 청산은 계속됩니다. 진입은 화면에서만 켤 수 있습니다.</translation>
    </message>
    <message>
        <source>Entries are off already. Exits go on.</source>
        <translation>진입은 이미 꺼져 있습니다. 청산은 계속됩니다.</translation>
    </message>
    <message>
        <source>Entries are off now. To sell everything answer {code} within 60 seconds.</source>
        <translation>진입을 껐습니다. 모두 팔려면 60초 안에 {code} 를 보내세요.</translation>
    </message>
    <message>
        <source>Liquidating everything. The proof follows.</source>
        <translation>모두 청산합니다. 결과를 알려 드립니다.</translation>
    </message>
    <message>
        <source>Wrong code; nothing was sold. Send kill again for a new one.</source>
        <translation>코드가 틀려 아무것도 팔지 않았습니다. kill 을 보내면 새 코드를 드립니다.</translation>
    </message>
    <message>
        <source>No code is waiting, or it is too old. Send kill for a new one.</source>
        <translation>기다리는 코드가 없거나 시간이 지났습니다. kill 을 보내면 새 코드를 드립니다.</translation>
    </message>
    <message>
        <source>status, pause (entries off), kill (two steps), ack. Nothing else, on purpose.</source>
        <translation>status, pause(진입 끄기), kill(두 단계), ack(확인). 다른 명령은 일부러 없습니다.</translation>
    </message>
    <message>
        <source>Total {equity} KRW, today {profit} KRW</source>
        <translation>총자산 {equity}원, 오늘 {profit}원</translation>
    </message>
</context>
<context>
    <name>NoticesTable</name>
    <message>
        <source>{time} by {who}</source>
        <translation>{time} {who}</translation>
    </message>
    <message>
        <source>told {count} times</source>
        <translation>{count}번 알림</translation>
    </message>
    <message>
        <source>waits for you</source>
        <translation>확인 대기</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>확인</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>시각</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>횟수</translation>
    </message>
    <message>
        <source>State</source>
        <translation>상태</translation>
    </message>
    <message>
        <source>Notice</source>
        <translation>알림</translation>
    </message>
    <message>
        <source>Critical notices</source>
        <translation>긴급 알림</translation>
    </message>
    <message>
        <source>Enter acknowledges the selected row.</source>
        <translation>Enter 키로 고른 줄을 확인합니다.</translation>
    </message>
    <message>
        <source>No critical notice.</source>
        <translation>긴급 알림이 없습니다.</translation>
    </message>
</context>
<context>
    <name>OrderBookWidget</name>
    <message>
        <source>Order book</source>
        <translation>호가창</translation>
    </message>
    <message>
        <source>Best ask {ask}, best bid {bid}</source>
        <translation>최우선 매도 {ask}, 최우선 매수 {bid}</translation>
    </message>
    <message>
        <source>Select a market or a position to see its order book.</source>
        <translation>마켓이나 포지션을 선택하면 호가가 나옵니다.</translation>
    </message>
    <message>
        <source>Waiting for the order book of {market}</source>
        <translation>{market} 호가를 기다리는 중</translation>
    </message>
    <message>
        <source>No asks: nobody is selling</source>
        <translation>매도 호가 없음</translation>
    </message>
    <message>
        <source>No bids: nobody is buying</source>
        <translation>매수 호가 없음</translation>
    </message>
    <message>
        <source>Asked for: the stream is silent</source>
        <translation>조회한 호가 (실시간 수신 없음)</translation>
    </message>
    <message>
        <source>No update for {seconds} s</source>
        <translation>{seconds}초 동안 갱신 없음</translation>
    </message>
    <message>
        <source>One-sided book, no spread</source>
        <translation>한쪽 호가뿐, 스프레드 없음</translation>
    </message>
    <message>
        <source>Spread {percent}</source>
        <translation>스프레드 {percent}</translation>
    </message>
    <message>
        <source>Spread 1 tick · {percent}</source>
        <translation>스프레드 1틱 · {percent}</translation>
    </message>
    <message>
        <source>Spread {ticks} ticks · {percent}</source>
        <translation>스프레드 {ticks}틱 · {percent}</translation>
    </message>
</context>
<context>
    <name>OrderFilter</name>
    <message>
        <source>Write a date as 2026-11-20, or with a time as 2026-11-20 09:30.</source>
        <translation>날짜는 2026-11-20, 시각까지는 2026-11-20 09:30처럼 쓰세요.</translation>
    </message>
    <message>
        <source>The time range ends before it begins.</source>
        <translation>기간의 끝이 시작보다 앞섭니다.</translation>
    </message>
    <message>
        <source>This text cannot be looked for.</source>
        <translation>이 문자는 검색할 수 없습니다.</translation>
    </message>
    <message>
        <source>Order ID, or a part of it</source>
        <translation>주문 번호 또는 그 일부</translation>
    </message>
    <message>
        <source>From 2026-11-20</source>
        <translation>시작 2026-11-20</translation>
    </message>
    <message>
        <source>To 2026-11-21 09:30</source>
        <translation>끝 2026-11-21 09:30</translation>
    </message>
    <message>
        <source>Korean time; a date alone is its whole day</source>
        <translation>한국 시각. 날짜만 쓰면 그날 전체입니다.</translation>
    </message>
    <message>
        <source>Market</source>
        <translation>마켓</translation>
    </message>
    <message>
        <source>State</source>
        <translation>상태</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>전략</translation>
    </message>
    <message>
        <source>Time range</source>
        <translation>기간</translation>
    </message>
    <message>
        <source>Any market</source>
        <translation>모든 마켓</translation>
    </message>
    <message>
        <source>Any state</source>
        <translation>모든 상태</translation>
    </message>
    <message>
        <source>Any strategy</source>
        <translation>모든 전략</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>전체 기간</translation>
    </message>
    <message>
        <source>Search by order ID</source>
        <translation>주문 번호로 검색</translation>
    </message>
    <message>
        <source>Filter by market, state, strategy and time</source>
        <translation>마켓, 상태, 전략, 기간으로 거르기</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>필터</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>진행 중</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>오늘</translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation>최근 24시간</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>최근 7일</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>최근 30일</translation>
    </message>
    <message>
        <source>From … to …</source>
        <translation>기간 지정…</translation>
    </message>
</context>
<context>
    <name>OrderFlowDialog</name>
    <message>
        <source>nothing told yet</source>
        <translation>아직 받은 값 없음</translation>
    </message>
    <message>
        <source>as of {time}, not told since</source>
        <translation>{time} 기준, 그 뒤 갱신 없음</translation>
    </message>
    <message>
        <source>as of {time}</source>
        <translation>{time} 기준</translation>
    </message>
    <message>
        <source>Let no entry leave because of {group}, until it is reset? Exits go on.</source>
        <translation>{group} 서킷 브레이커를 열어 해제할 때까지 진입을 막을까요? 청산은 계속됩니다.</translation>
    </message>
    <message>
        <source>Trip</source>
        <translation>차단</translation>
    </message>
    <message>
        <source>Close the breaker of {group} and forget its failures?</source>
        <translation>{group} 서킷 브레이커를 닫고 실패 기록을 지울까요?</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>해제</translation>
    </message>
    <message>
        <source>Have you seen the loss? From now on the program may lose as much again.</source>
        <translation>손실을 보셨습니까? 지금부터 한도만큼 다시 잃을 수 있습니다.</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>확인</translation>
    </message>
    <message>
        <source>Do it again, through all checks anew: {thing}?</source>
        <translation>모든 점검을 다시 거쳐 실행할까요? {thing}</translation>
    </message>
    <message>
        <source>Do it again</source>
        <translation>다시 실행</translation>
    </message>
    <message>
        <source>Asked, waiting for the engine.</source>
        <translation>요청함, 엔진의 답을 기다립니다.</translation>
    </message>
    <message>
        <source>Not done: {reason}</source>
        <translation>실행 안 됨: {reason}</translation>
    </message>
    <message>
        <source>Order flow</source>
        <translation>주문 흐름</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>대기열</translation>
    </message>
    <message>
        <source>Circuit breakers</source>
        <translation>서킷 브레이커</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>한도</translation>
    </message>
    <message>
        <source>Ended without effect</source>
        <translation>실행되지 않은 명령</translation>
    </message>
    <message>
        <source>How long orders take</source>
        <translation>주문 소요 시간</translation>
    </message>
    <message>
        <source>Answer of the engine</source>
        <translation>엔진의 답</translation>
    </message>
</context>
<context>
    <name>OrderTicket</name>
    <message>
        <source>No answer from the engine yet. Look at the instructions before you try again.</source>
        <translation>아직 엔진의 답이 없습니다. 다시 보내기 전에 지시 목록을 확인하세요.</translation>
    </message>
    <message>
        <source>Sent, waiting for the engine.</source>
        <translation>보냈습니다. 엔진의 답을 기다립니다.</translation>
    </message>
    <message>
        <source>Change an instruction</source>
        <translation>지시 정정</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>주문</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>정정</translation>
    </message>
    <message>
        <source>Send order</source>
        <translation>주문 보내기</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>What is in the way</source>
        <translation>주문할 수 없는 이유</translation>
    </message>
    <message>
        <source>Estimate</source>
        <translation>예상</translation>
    </message>
</context>
<context>
    <name>OrdersTable</name>
    <message>
        <source>Cancel</source>
        <extracomment>Below this height the filter is folded away until Ctrl+F asks for it. The next page is asked for while this many rows are still below.</extracomment>
        <translation>취소</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>시간</translation>
    </message>
    <message>
        <source>Market</source>
        <translation>마켓</translation>
    </message>
    <message>
        <source>State</source>
        <translation>상태</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>구분</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>유형</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>가격</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>수량</translation>
    </message>
    <message>
        <source>Filled</source>
        <translation>체결률</translation>
    </message>
    <message>
        <source>Purpose</source>
        <translation>목적</translation>
    </message>
    <message>
        <source>Order ID</source>
        <translation>주문 번호</translation>
    </message>
    <message>
        <source>Why did it trade?</source>
        <translation>왜 거래했나요?</translation>
    </message>
    <message>
        <source>Filter (Ctrl+F)</source>
        <translation>필터 (Ctrl+F)</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>복사</translation>
    </message>
    <message>
        <source>The journal cannot be read: {why}</source>
        <translation>저널을 읽을 수 없습니다: {why}</translation>
    </message>
    <message>
        <source>Reading the journal…</source>
        <translation>저널을 읽는 중…</translation>
    </message>
    <message>
        <source>No order fits the filter.</source>
        <translation>조건에 맞는 주문이 없습니다.</translation>
    </message>
    <message>
        <source>Orders</source>
        <translation>주문</translation>
    </message>
    <message>
        <source>Delete asks to cancel the selected orders. Enter tells why an order traded.</source>
        <translation>Delete는 선택한 주문의 취소를 요청하고, Enter는 거래한 이유를 보여 줍니다.</translation>
    </message>
    <message>
        <source>No orders yet.</source>
        <translation>아직 주문이 없습니다.</translation>
    </message>
</context>
<context>
    <name>PasswordDialog</name>
    <message>
        <source>The password is set.</source>
        <translation>비밀번호를 정했습니다.</translation>
    </message>
    <message>
        <source>Password of the kill switch</source>
        <translation>킬 스위치 비밀번호</translation>
    </message>
    <message>
        <source>Leaving a halt takes this password, {count} characters or more. Only its hash is kept.</source>
        <translation>거래 정지를 풀 때 쓰는 비밀번호입니다. {count}자 이상이며 해시만 보관합니다.</translation>
    </message>
    <message>
        <source>Present password</source>
        <translation>현재 비밀번호</translation>
    </message>
    <message>
        <source>New password</source>
        <translation>새 비밀번호</translation>
    </message>
    <message>
        <source>Once more</source>
        <translation>한 번 더</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>변경</translation>
    </message>
    <message>
        <source>Set</source>
        <translation>설정</translation>
    </message>
</context>
<context>
    <name>PasswordForm</name>
    <message>
        <source>Checking…</source>
        <translation>확인 중…</translation>
    </message>
    <message>
        <source>The next attempt is possible in {seconds} s.</source>
        <translation>{seconds}초 뒤에 다시 시도할 수 있습니다.</translation>
    </message>
</context>
<context>
    <name>PositionTable</name>
    <message>
        <source>Market</source>
        <extracomment>A closed position stays in sight this long, so that its end is not missed.</extracomment>
        <translation>마켓</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>전략</translation>
    </message>
    <message>
        <source>State</source>
        <translation>상태</translation>
    </message>
    <message>
        <source>Entered</source>
        <translation>진입 시간</translation>
    </message>
    <message>
        <source>Invested</source>
        <translation>투입 원금</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>평가 금액</translation>
    </message>
    <message>
        <source>Unrealised</source>
        <translation>미실현 손익</translation>
    </message>
    <message>
        <source>Next exit</source>
        <translation>다음 청산 조건</translation>
    </message>
    <message>
        <source>Trend</source>
        <translation>추이</translation>
    </message>
    <message>
        <source>No exit is set and nothing rests at the venue: nothing sells by itself.</source>
        <translation>청산 조건도 거래소에 남은 매도 주문도 없습니다. 저절로 팔리지 않습니다.</translation>
    </message>
    <message>
        <source>Exits are held by this program only: if this computer dies nothing sells.</source>
        <translation>청산 조건은 이 프로그램만 지킵니다. 이 컴퓨터가 꺼지면 아무것도 팔리지 않습니다.</translation>
    </message>
    <message>
        <source>Limit sales of {amount} rest at the venue and stay there if this computer dies. Every other exit is held by this program only.</source>
        <translation>지정가 매도 {amount}이(가) 거래소 호가에 있어 이 컴퓨터가 꺼져도 남습니다. 나머지 청산 조건은 이 프로그램만 지킵니다.</translation>
    </message>
    <message>
        <source>This venue takes no stop orders.</source>
        <translation>이 거래소는 스톱 주문을 받지 않습니다.</translation>
    </message>
    <message>
        <source>waits for its entry signal</source>
        <translation>진입 신호 대기</translation>
    </message>
    <message>
        <source>stopped, see the log</source>
        <translation>멈춤, 로그 확인</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>일시 중지</translation>
    </message>
    <message>
        <source>{reason} in {distance}</source>
        <translation>{reason}까지 {distance}</translation>
    </message>
    <message>
        <source>Exit</source>
        <translation>청산</translation>
    </message>
    <message>
        <source>{reason}: {share} filled</source>
        <translation>{reason} · {share} 체결</translation>
    </message>
    <message>
        <source>Sell {amount} {market} at market now?</source>
        <translation>{market} {amount}개를 지금 시장가로 팔까요?</translation>
    </message>
    <message>
        <source>End {market}? Nothing is held; its orders are cancelled.</source>
        <translation>{market}을(를) 끝낼까요? 보유 수량은 없고 주문만 취소합니다.</translation>
    </message>
    <message>
        <source>Close now</source>
        <translation>즉시 종료</translation>
    </message>
    <message>
        <source>Active positions</source>
        <translation>활성 포지션</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>실행</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>재개</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>일시 중지</translation>
    </message>
    <message>
        <source>Go to the strategy launcher</source>
        <translation>전략 실행으로 이동</translation>
    </message>
    <message>
        <source>Let the selected position go on</source>
        <translation>선택한 포지션을 다시 진행</translation>
    </message>
    <message>
        <source>Stop entries and strategy exits; protective exits stay armed</source>
        <translation>진입과 전략 청산을 멈춥니다. 보호 청산은 계속 지킵니다</translation>
    </message>
    <message>
        <source>Cancel its orders and sell what is held, at market</source>
        <translation>주문을 취소하고 보유 수량을 시장가로 팝니다</translation>
    </message>
    <message>
        <source>Positions</source>
        <translation>포지션</translation>
    </message>
    <message>
        <source>No position is running. Choose a strategy, a market and a budget on the right and press Start.</source>
        <translation>실행 중인 포지션이 없습니다. 오른쪽에서 전략, 마켓, 예산을 고르고 전략 실행을 누르세요.</translation>
    </message>
</context>
<context>
    <name>Problems</name>
    <message>
        <source>is no number, or far too large a one</source>
        <translation>숫자가 아니거나 지나치게 큰 수입니다</translation>
    </message>
    <message>
        <source>two modes have the same database; each needs its own</source>
        <translation>두 모드가 같은 데이터베이스를 씁니다. 모드마다 따로 필요합니다</translation>
    </message>
    <message>
        <source>has more digits than anything is computed with</source>
        <translation>계산할 수 있는 자릿수를 넘습니다</translation>
    </message>
    <message>
        <source>must be a time in UTC</source>
        <translation>UTC 시각이어야 합니다</translation>
    </message>
    <message>
        <source>holds signs that cannot be written down</source>
        <translation>기록할 수 없는 문자가 들어 있습니다</translation>
    </message>
    <message>
        <source>must be a name of 1 to 1,000 characters that can be printed</source>
        <translation>인쇄할 수 있는 1~1,000자의 이름이어야 합니다</translation>
    </message>
    <message>
        <source>a limit order needs a price above 0</source>
        <translation>지정가 주문에는 0보다 큰 가격이 있어야 합니다</translation>
    </message>
    <message>
        <source>an order at market has no price of its own</source>
        <translation>시장가 주문에는 가격을 적지 않습니다</translation>
    </message>
    <message>
        <source>is given in money: a number above 0</source>
        <translation>금액으로 적습니다. 0보다 큰 수여야 합니다</translation>
    </message>
    <message>
        <source>is given in units: a number above 0</source>
        <translation>수량으로 적습니다. 0보다 큰 수여야 합니다</translation>
    </message>
    <message>
        <source>this order is not given in money</source>
        <translation>이 주문은 금액으로 적지 않습니다</translation>
    </message>
    <message>
        <source>this order is not given in units</source>
        <translation>이 주문은 수량으로 적지 않습니다</translation>
    </message>
    <message>
        <source>only limit and best-price orders have one; post-only needs a limit</source>
        <translation>지정가와 최유리 주문에만 있습니다. Post-only는 지정가여야 합니다</translation>
    </message>
    <message>
        <source>a best-price order is sent IOC or FOK</source>
        <translation>최유리 주문은 IOC 또는 FOK로 보냅니다</translation>
    </message>
    <message>
        <source>must be 1 to 86,400 seconds, or nothing</source>
        <translation>1~86,400초이거나 비어 있어야 합니다</translation>
    </message>
    <message>
        <source>belongs to a limit purchase that rests</source>
        <translation>호가에 머무는 지정가 매수에만 쓸 수 있습니다</translation>
    </message>
    <message>
        <source>so much has been traded already</source>
        <translation>이미 그만큼 체결되었습니다</translation>
    </message>
    <message>
        <source>changes nothing</source>
        <translation>바뀌는 것이 없습니다</translation>
    </message>
    <message>
        <source>must be 0 to 3600</source>
        <translation>0에서 3600 사이여야 합니다</translation>
    </message>
    <message>
        <source>must be 1 to 1440</source>
        <translation>1에서 1440 사이여야 합니다</translation>
    </message>
    <message>
        <source>must look like 23:00-07:00, or be empty</source>
        <translation>23:00-07:00 형식이거나 비어 있어야 합니다</translation>
    </message>
    <message>
        <source>is no chat id</source>
        <translation>채팅 ID가 아닙니다</translation>
    </message>
    <message>
        <source>must be at most {0} ids above 0</source>
        <translation>0보다 큰 ID를 {0}개까지 적을 수 있습니다</translation>
    </message>
    <message>
        <source>is no address</source>
        <translation>주소가 아닙니다</translation>
    </message>
    <message>
        <source>must begin with https:// (http:// only on this computer)</source>
        <translation>https://로 시작해야 합니다(http://는 이 컴퓨터에서만 가능)</translation>
    </message>
    <message>
        <source>must not hold a name or password</source>
        <translation>이름이나 비밀번호를 넣을 수 없습니다</translation>
    </message>
    <message>
        <source>must be {0} to {1}</source>
        <translation>{0}에서 {1} 사이여야 합니다</translation>
    </message>
    <message>
        <source>must be a number above 0 and at most 100 percent</source>
        <translation>0보다 크고 100퍼센트 이하여야 합니다</translation>
    </message>
    <message>
        <source>{0} must look like 2026-12-01T02:00+09:00/2026-12-01T07:00+09:00: two times with their zone</source>
        <translation>{0}: 2026-12-01T02:00+09:00/2026-12-01T07:00+09:00 형식으로, 시간대를 붙인 두 시각이어야 합니다</translation>
    </message>
    <message>
        <source>{0} must end after it begins, and within two days</source>
        <translation>{0}: 끝은 시작보다 늦고 이틀을 넘지 않아야 합니다</translation>
    </message>
    <message>
        <source>side, size and limit are not those of the draft</source>
        <translation>방향, 수량, 지정가가 주문과 다릅니다</translation>
    </message>
    <message>
        <source>what is worked in slices is ended and placed anew, not amended</source>
        <translation>나누어 실행 중인 주문은 정정할 수 없습니다. 끝내고 다시 주문하세요</translation>
    </message>
    <message>
        <source>the market has no price now, so the size of a slice cannot be checked</source>
        <translation>지금 시장 가격이 없어 한 회 수량을 확인할 수 없습니다</translation>
    </message>
    <message>
        <source>must be 1 to {0}</source>
        <translation>1에서 {0} 사이여야 합니다</translation>
    </message>
    <message>
        <source>must be 1 to {0} seconds</source>
        <translation>1초에서 {0}초 사이여야 합니다</translation>
    </message>
    <message>
        <source>is too short: {0} slices need a second each</source>
        <translation>너무 짧습니다. {0}회에는 한 회에 1초씩 필요합니다</translation>
    </message>
    <message>
        <source>is too short: a slice rests up to {0} s, but only {1} s are left before the next</source>
        <translation>너무 짧습니다. 한 회가 최대 {0}초 머무는데 다음 회까지 {1}초뿐입니다</translation>
    </message>
    <message>
        <source>must be given; only an iceberg may go without</source>
        <translation>꼭 있어야 합니다. 아이스버그만 비울 수 있습니다</translation>
    </message>
    <message>
        <source>must be above 0 and at most 1; 10 % is written 0.1</source>
        <translation>0보다 크고 1 이하여야 합니다. 10 %는 0.1로 씁니다</translation>
    </message>
    <message>
        <source>must be 0 to {0}</source>
        <translation>0에서 {0} 사이여야 합니다</translation>
    </message>
    <message>
        <source>must be a price above 0, or left out</source>
        <translation>0보다 큰 가격이거나 비워야 합니다</translation>
    </message>
    <message>
        <source>must be 0 to 1; a usual value is 0.000000001 per KRW</source>
        <translation>0에서 1 사이여야 합니다. 보통 원당 0.000000001입니다</translation>
    </message>
    <message>
        <source>belongs to implementation shortfall only; leave it out</source>
        <translation>집행 손실 최소화에만 씁니다. 비우세요</translation>
    </message>
    <message>
        <source>must be given: an iceberg rests at it, or chases</source>
        <translation>꼭 있어야 합니다. 아이스버그는 이 가격에 머물거나 가격을 따라갑니다</translation>
    </message>
    <message>
        <source>belongs to an iceberg only; leave it out</source>
        <translation>아이스버그에만 씁니다. 비우세요</translation>
    </message>
    <message>
        <source>must be -{0} to {0} ticks</source>
        <translation>-{0}에서 {0}틱 사이여야 합니다</translation>
    </message>
    <message>
        <source>must be 0 to 1000, or left out to never cross</source>
        <translation>0에서 1000 사이이거나, 체결을 서두르지 않으려면 비워야 합니다</translation>
    </message>
    <message>
        <source>must be a multiple of {0}, the venue&apos;s step</source>
        <translation>거래소 단위인 {0}의 배수여야 합니다</translation>
    </message>
    <message>
        <source>is worth less than the venue&apos;s minimum of {0}</source>
        <translation>거래소 최소 금액 {0}보다 적습니다</translation>
    </message>
    <message>
        <source>a slice is worth less than the venue&apos;s minimum of {0}</source>
        <translation>한 회 금액이 거래소 최소 금액 {0}보다 적습니다</translation>
    </message>
    <message>
        <source>a slice is worth more than the venue&apos;s maximum of {0}</source>
        <translation>한 회 금액이 거래소 최대 금액 {0}보다 큽니다</translation>
    </message>
    <message>
        <source>must not be more than the whole volume</source>
        <translation>전체 수량보다 클 수 없습니다</translation>
    </message>
    <message>
        <source>must be a number above 0</source>
        <translation>0보다 큰 수여야 합니다</translation>
    </message>
    <message>
        <source>must be a number above 0, or 0 to switch the limit off</source>
        <translation>0보다 큰 수이거나, 한도를 끄려면 0이어야 합니다</translation>
    </message>
    <message>
        <source>must be at most 1; it is a ratio, 2 % is written 0.02</source>
        <translation>1 이하여야 합니다. 비율이므로 2 %는 0.02로 씁니다</translation>
    </message>
    <message>
        <source>must be 1 or more</source>
        <translation>1 이상이어야 합니다</translation>
    </message>
    <message>
        <source>must be 1 or more, or 0 to switch the limit off</source>
        <translation>1 이상이거나, 한도를 끄려면 0이어야 합니다</translation>
    </message>
    <message>
        <source>must be 0.5 to 600 seconds</source>
        <translation>0.5초에서 600초 사이여야 합니다</translation>
    </message>
    <message>
        <source>must be at most {0} seconds (a day), or 0 to switch the limit off</source>
        <translation>{0}초(하루) 이하이거나, 한도를 끄려면 0이어야 합니다</translation>
    </message>
    <message>
        <source>must be at most {0}</source>
        <translation>{0} 이하여야 합니다</translation>
    </message>
    <message>
        <source>must be 0 or more</source>
        <translation>0 이상이어야 합니다</translation>
    </message>
    <message>
        <source>does not belong to this kind of condition</source>
        <translation>이 종류의 조건에는 쓰지 않습니다</translation>
    </message>
    <message>
        <source>must be a price above 0</source>
        <translation>0보다 큰 가격이어야 합니다</translation>
    </message>
    <message>
        <source>must be above 0 and at most {0} %</source>
        <translation>0보다 크고 {0}% 이하여야 합니다</translation>
    </message>
    <message>
        <source>must be a time</source>
        <translation>시각이어야 합니다</translation>
    </message>
    <message>
        <source>is a time that has passed</source>
        <translation>이미 지난 시각입니다</translation>
    </message>
    <message>
        <source>must be a condition</source>
        <translation>조건식이어야 합니다</translation>
    </message>
    <message>
        <source>must be the length of a bar, such as 60</source>
        <translation>60과 같은 봉의 길이(초)여야 합니다</translation>
    </message>
    <message>
        <source>must name an instruction</source>
        <translation>지시를 가리켜야 합니다</translation>
    </message>
    <message>
        <source>there is no such running instruction</source>
        <translation>그런 진행 중인 지시가 없습니다</translation>
    </message>
    <message>
        <source>is empty; write a condition such as &apos;close &gt; ema(20)&apos; or &apos;true&apos;</source>
        <translation>비어 있습니다. &apos;close &gt; ema(20)&apos;나 &apos;true&apos;와 같은 조건을 적으세요</translation>
    </message>
    <message>
        <source>is longer than {0} characters</source>
        <translation>{0}자보다 깁니다</translation>
    </message>
    <message>
        <source>regular expressions are not allowed here</source>
        <translation>정규식은 쓸 수 없습니다</translation>
    </message>
    <message>
        <source>${0} is not allowed here: a condition speaks of prices, not of the clock, of chance or of lists</source>
        <translation>${0}: 쓸 수 없습니다. 조건은 가격에 대한 것이며 시계, 우연, 목록은 쓰지 않습니다</translation>
    </message>
    <message>
        <source>lists are not allowed here</source>
        <translation>목록은 쓸 수 없습니다</translation>
    </message>
    <message>
        <source>of the arithmetic signs only + - * / // and % are allowed here</source>
        <translation>산술 기호는 + - * / // %만 쓸 수 있습니다</translation>
    </message>
    <message>
        <source>times and bytes in quotes are not allowed here</source>
        <translation>따옴표로 적은 시각과 바이트는 쓸 수 없습니다</translation>
    </message>
    <message>
        <source>&apos;inf&apos; and &apos;nan&apos; are no numbers to compare with</source>
        <translation>&apos;inf&apos;와 &apos;nan&apos;은 비교할 수 있는 수가 아닙니다</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is not a plain number such as 0.5 or 1000</source>
        <translation>&apos;{0}&apos;: 0.5나 1000과 같은 보통의 수가 아닙니다</translation>
    </message>
    <message>
        <source>there is no value or function called &apos;{0}&apos;</source>
        <translation>&apos;{0}&apos;(이)라는 값이나 함수는 없습니다</translation>
    </message>
    <message>
        <source>there is no value or function called &apos;{0}&apos;; did you mean &apos;{1}&apos;?</source>
        <translation>&apos;{0}&apos;(이)라는 값이나 함수는 없습니다. &apos;{1}&apos;을(를) 뜻했나요?</translation>
    </message>
    <message>
        <source>cannot be read at &apos;{0}&apos;</source>
        <translation>&apos;{0}&apos;에서 읽을 수 없습니다</translation>
    </message>
    <message>
        <source>ends before it says what is compared with what</source>
        <translation>무엇을 무엇과 비교하는지 적기 전에 끝납니다</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is given something other than one length in bars</source>
        <translation>&apos;{0}&apos;에는 봉의 개수 하나만 적어야 합니다</translation>
    </message>
    <message>
        <source>compares or computes with things that do not go together</source>
        <translation>서로 비교하거나 계산할 수 없는 것들을 썼습니다</translation>
    </message>
    <message>
        <source>{0}: the length must be 1 to {1} bars</source>
        <translation>{0}: 길이는 봉 1~{1}개여야 합니다</translation>
    </message>
    <message>
        <source>is nested too deeply</source>
        <translation>너무 깊이 겹쳐 있습니다</translation>
    </message>
    <message>
        <source>computes with a number that is none, or far too large</source>
        <translation>숫자가 아니거나 지나치게 큰 수로 계산합니다</translation>
    </message>
    <message>
        <source>is {0}; this version reads {1}</source>
        <translation>{0}입니다. 이 버전은 {1}을(를) 읽습니다</translation>
    </message>
    <message>
        <source>must be a name of 1 to 64 characters</source>
        <translation>1~64자의 이름이어야 합니다</translation>
    </message>
    <message>
        <source>must be 1 or more; raise it with every change</source>
        <translation>1 이상이어야 합니다. 바꿀 때마다 올리세요</translation>
    </message>
    <message>
        <source>is not one of {0}</source>
        <translation>다음 중 하나가 아닙니다: {0}</translation>
    </message>
    <message>
        <source>must be 0 to 200 bars</source>
        <translation>봉 0~200개여야 합니다</translation>
    </message>
    <message>
        <source>must be above 0, at most {0}</source>
        <translation>0보다 크고 {0} 이하여야 합니다</translation>
    </message>
    <message>
        <source>must be above 0 and at most 100</source>
        <translation>0보다 크고 100 이하여야 합니다</translation>
    </message>
    <message>
        <source>must be above 0, at most 100</source>
        <translation>0보다 크고 100 이하여야 합니다</translation>
    </message>
    <message>
        <source>must be 1 to 3600 seconds</source>
        <translation>1~3600초여야 합니다</translation>
    </message>
    <message>
        <source>must be -100 to 100 ticks</source>
        <translation>-100~100틱이어야 합니다</translation>
    </message>
    <message>
        <source>split is for market orders; the price of other orders is their bound</source>
        <translation>나누기(split)는 시장가 주문에만 씁니다. 다른 주문은 가격이 한도입니다</translation>
    </message>
    <message>
        <source>needs 1 to 20 steps</source>
        <translation>단계는 1~20개여야 합니다</translation>
    </message>
    <message>
        <source>must be 0 or more and below 100</source>
        <translation>0 이상 100 미만이어야 합니다</translation>
    </message>
    <message>
        <source>the shares add up to more than 100 %</source>
        <translation>비율의 합이 100%를 넘습니다</translation>
    </message>
    <message>
        <source>must be above 0 and below {0} %</source>
        <translation>0보다 크고 {0}% 미만이어야 합니다</translation>
    </message>
    <message>
        <source>must be 1 to {0} minutes</source>
        <translation>1~{0}분이어야 합니다</translation>
    </message>
    <message>
        <source>does nothing without trailing_stop_percent</source>
        <translation>trailing_stop_percent가 없으면 쓸모가 없습니다</translation>
    </message>
    <message>
        <source>is missing; set it, or say stop_loss_waived = true</source>
        <translation>없습니다. 적거나 stop_loss_waived = true라고 밝히세요</translation>
    </message>
    <message>
        <source>is not valid TOML: {0}</source>
        <translation>올바른 TOML이 아닙니다: {0}</translation>
    </message>
    <message>
        <source>holds a number with too many digits or too large an exponent</source>
        <translation>자릿수나 지수가 너무 큰 수가 들어 있습니다</translation>
    </message>
    <message>
        <source>is too large a number</source>
        <translation>너무 큰 수입니다</translation>
    </message>
    <message>
        <source>is larger than {0} bytes</source>
        <translation>{0}바이트보다 큽니다</translation>
    </message>
    <message>
        <source>cannot be read ({0})</source>
        <translation>읽을 수 없습니다({0})</translation>
    </message>
    <message>
        <source>is not UTF-8 text (byte {0})</source>
        <translation>UTF-8 텍스트가 아닙니다({0}번째 바이트)</translation>
    </message>
    <message>
        <source>is an unknown field</source>
        <translation>알 수 없는 항목입니다</translation>
    </message>
    <message>
        <source>id &apos;{0}&apos; is already that of {1}; change it</source>
        <translation>id &apos;{0}&apos;은(는) 이미 {1}의 것입니다. 바꾸세요</translation>
    </message>
    <message>
        <source>is missing</source>
        <translation>없습니다</translation>
    </message>
    <message>
        <source>must be {0}, not {1}</source>
        <translation>{0}이어야 하며 {1}은(는) 안 됩니다</translation>
    </message>
    <message>
        <source>cannot be {0}; there is no such choice</source>
        <translation>{0}: 그런 선택지는 없습니다</translation>
    </message>
    <message>
        <source>is not of the kind it must be ({0})</source>
        <translation>종류가 맞지 않습니다({0})</translation>
    </message>
    <message>
        <source>price</source>
        <translation>가격</translation>
    </message>
    <message>
        <source>size</source>
        <translation>수량</translation>
    </message>
    <message>
        <source>amount</source>
        <translation>금액</translation>
    </message>
    <message>
        <source>how it ends</source>
        <translation>미체결분 처리</translation>
    </message>
    <message>
        <source>rest at market from</source>
        <translation>시장가 전환 기준</translation>
    </message>
    <message>
        <source>drift</source>
        <translation>이탈 폭</translation>
    </message>
    <message>
        <source>slices</source>
        <translation>횟수</translation>
    </message>
    <message>
        <source>share of the market</source>
        <translation>시장 참여율</translation>
    </message>
    <message>
        <source>random part</source>
        <translation>무작위 폭</translation>
    </message>
    <message>
        <source>urgency</source>
        <translation>긴급도</translation>
    </message>
    <message>
        <source>visible part</source>
        <translation>공개 수량</translation>
    </message>
    <message>
        <source>ticks</source>
        <translation>틱</translation>
    </message>
    <message>
        <source>rest of a slice</source>
        <translation>한 회 대기 시간</translation>
    </message>
    <message>
        <source>new prices of a slice</source>
        <translation>한 회 재호가 횟수</translation>
    </message>
    <message>
        <source>budget</source>
        <translation>예산</translation>
    </message>
    <message>
        <source>duration</source>
        <translation>유효 기간</translation>
    </message>
    <message>
        <source>time-out</source>
        <translation>대기 시간</translation>
    </message>
    <message>
        <source>change</source>
        <translation>변경</translation>
    </message>
    <message>
        <source>price waited for</source>
        <translation>기다리는 가격</translation>
    </message>
    <message>
        <source>distance</source>
        <translation>거리</translation>
    </message>
    <message>
        <source>time</source>
        <translation>시각</translation>
    </message>
    <message>
        <source>rule</source>
        <translation>조건식</translation>
    </message>
    <message>
        <source>entry rule</source>
        <translation>진입 조건식</translation>
    </message>
    <message>
        <source>exit rule</source>
        <translation>종료 조건식</translation>
    </message>
    <message>
        <source>stop-loss</source>
        <translation>손절</translation>
    </message>
    <message>
        <source>take-profit</source>
        <translation>익절</translation>
    </message>
    <message>
        <source>trailing stop</source>
        <translation>추적 손절</translation>
    </message>
</context>
<context>
    <name>PromotionDialog</name>
    <message>
        <source>✓ met</source>
        <translation>✓ 충족</translation>
    </message>
    <message>
        <source>✗ missing</source>
        <translation>✗ 부족</translation>
    </message>
    <message>
        <source>There is no strategy to look at.</source>
        <translation>살펴볼 전략이 없습니다.</translation>
    </message>
    <message>
        <source>May trade real money.</source>
        <translation>실제 돈으로 거래할 수 있습니다.</translation>
    </message>
    <message>
        <source>Let past the gate by a person; it is in the journal.</source>
        <translation>사용자가 예외로 통과시켰습니다. 저널에 기록되어 있습니다.</translation>
    </message>
    <message>
        <source>{count} rules are missing.</source>
        <translation>{count}개 조건이 부족합니다.</translation>
    </message>
    <message>
        <source>To let it past all the same, type: {phrase}. It is recorded, stands in the title of the window, and ends with any change.</source>
        <translation>그래도 통과시키려면 다음을 입력하세요: {phrase}. 기록에 남고 창 제목에 표시되며, 전략이 조금이라도 바뀌면 효력을 잃습니다.</translation>
    </message>
    <message>
        <source>From paper to live</source>
        <translation>모의에서 실전으로</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>전략</translation>
    </message>
    <message>
        <source>Rules of the gate</source>
        <translation>관문의 조건</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>조건식</translation>
    </message>
    <message>
        <source>Shown in paper mode</source>
        <translation>모의 계좌 실적</translation>
    </message>
    <message>
        <source>Needed</source>
        <translation>필요</translation>
    </message>
    <message>
        <source>Counted from the journal of paper mode for exactly this content of the strategy; any change begins anew. The thresholds are in settings.toml, section [promotion].</source>
        <translation>모의 계좌의 저널에서 정확히 이 내용의 전략만 집계합니다. 조금이라도 바뀌면 처음부터 다시 셉니다. 기준값은 settings.toml의 [promotion]에 있습니다.</translation>
    </message>
    <message>
        <source>Phrase of the override</source>
        <translation>예외 통과 문구</translation>
    </message>
    <message>
        <source>Let it past</source>
        <translation>예외 통과</translation>
    </message>
</context>
<context>
    <name>QueueCard</name>
    <message>
        <source>now</source>
        <extracomment>From this wait on it is marked: far longer than the rate limit of any venue makes a call wait.</extracomment>
        <translation>즉시</translation>
    </message>
    <message>
        <source>Under way</source>
        <translation>처리 중</translation>
    </message>
    <message>
        <source>Longest wait</source>
        <translation>최장 대기</translation>
    </message>
    <message>
        <source>Next exit</source>
        <translation>다음 청산</translation>
    </message>
    <message>
        <source>Next entry</source>
        <translation>다음 진입</translation>
    </message>
    <message>
        <source>When the venue&apos;s rate limit lets the next order leave</source>
        <translation>거래소 요청 한도가 다음 주문을 내보내는 때</translation>
    </message>
</context>
<context>
    <name>RestFields</name>
    <message>
        <source>What becomes of the rest</source>
        <translation>미체결분 처리</translation>
    </message>
    <message>
        <source>Ends after</source>
        <translation>제한 시간</translation>
    </message>
    <message>
        <source>s</source>
        <translation>초</translation>
    </message>
    <message>
        <source>Drift</source>
        <translation>이탈</translation>
    </message>
    <message>
        <source>It ends as well when the price has risen so far above the bid it was sent at</source>
        <translation>주문할 때의 매수 호가보다 가격이 이만큼 오르면 취소됩니다</translation>
    </message>
    <message>
        <source>Rest from</source>
        <translation>전환 기준</translation>
    </message>
    <message>
        <source>The rest is bought at market when at least so much was filled</source>
        <translation>이 비율 이상 체결되었으면 나머지를 시장가로 삽니다</translation>
    </message>
</context>
<context>
    <name>RunHistoryDialog</name>
    <message>
        <source>Runs of the emergency control</source>
        <translation>긴급 청산 실행 기록</translation>
    </message>
    <message>
        <source>Fire drill…</source>
        <translation>모의 청산 훈련…</translation>
    </message>
    <message>
        <source>Pressed</source>
        <translation>누른 시각</translation>
    </message>
    <message>
        <source>What</source>
        <translation>내용</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>결과</translation>
    </message>
    <message>
        <source>Foretold</source>
        <translation>예측</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>실제</translation>
    </message>
    <message>
        <source>Slippage foretold</source>
        <translation>예측 슬리피지</translation>
    </message>
    <message>
        <source>Slippage</source>
        <translation>슬리피지</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>남은 것</translation>
    </message>
    <message>
        <source>Slippage is what the sales brought less than the middle of the books at the press.</source>
        <translation>슬리피지는 매도 금액이 누른 순간의 호가 중간값보다 적은 비율입니다.</translation>
    </message>
</context>
<context>
    <name>ScopeDialog</name>
    <message>
        <source>No entry leaves any more, in any market. Orders and positions stay.</source>
        <translation>모든 마켓에서 진입 주문을 더 보내지 않습니다. 주문과 포지션은 그대로 둡니다.</translation>
    </message>
    <message>
        <source>Entries are blocked in every market; those that rest here are cancelled.</source>
        <translation>모든 마켓에서 진입을 막고, 이 범위의 진입 주문을 취소합니다.</translation>
    </message>
    <message>
        <source>Entries are blocked in every market; every order here is cancelled. Stops that this program holds stay armed.</source>
        <translation>모든 마켓에서 진입을 막고, 이 범위의 모든 주문을 취소합니다. 프로그램이 지키는 손절은 그대로 유지됩니다.</translation>
    </message>
    <message>
        <source>Entries are blocked in every market; orders here are cancelled, and of every position a share is sold.</source>
        <translation>모든 마켓에서 진입을 막고, 이 범위의 주문을 취소한 뒤 각 포지션의 일부를 매도합니다.</translation>
    </message>
    <message>
        <source>Entries are blocked in every market; everything here is cancelled and sold.</source>
        <translation>모든 마켓에서 진입을 막고, 이 범위의 주문을 모두 취소하고 전부 매도합니다.</translation>
    </message>
    <message>
        <source>As before, and trading stays halted until it is unlocked with the password.</source>
        <translation>위와 같이 하고, 비밀번호로 풀 때까지 거래를 정지합니다.</translation>
    </message>
    <message>
        <source>This includes coins and orders that this program never made.</source>
        <translation>이 프로그램이 사지 않은 코인과 내지 않은 주문도 포함됩니다.</translation>
    </message>
    <message>
        <source>All markets</source>
        <translation>모든 마켓</translation>
    </message>
    <message>
        <source>All strategies</source>
        <translation>모든 전략</translation>
    </message>
    <message>
        <source>All positions</source>
        <translation>모든 포지션</translation>
    </message>
    <message>
        <source>Only those in profit</source>
        <translation>수익 포지션만</translation>
    </message>
    <message>
        <source>Only those at a loss</source>
        <translation>손실 포지션만</translation>
    </message>
    <message>
        <source>All venues</source>
        <translation>모든 거래소</translation>
    </message>
    <message>
        <source>Emergency: less, or more</source>
        <translation>긴급 청산: 범위 선택</translation>
    </message>
    <message>
        <source>What</source>
        <translation>내용</translation>
    </message>
    <message>
        <source>Market</source>
        <translation>마켓</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>전략</translation>
    </message>
    <message>
        <source>Which</source>
        <translation>대상</translation>
    </message>
    <message>
        <source>Venue</source>
        <translation>거래소</translation>
    </message>
    <message>
        <source>The whole account, also what this program did not buy</source>
        <translation>계좌 전체 (이 프로그램이 사지 않은 것도 포함)</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Commands and shortcuts</source>
        <translation>명령과 단축키</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>키</translation>
    </message>
</context>
<context>
    <name>SliceFields</name>
    <message>
        <source>In one order</source>
        <translation>한 번에 주문</translation>
    </message>
    <message>
        <source>How to execute</source>
        <translation>실행 방식</translation>
    </message>
    <message>
        <source>What a slice does first</source>
        <translation>한 회의 체결 방식</translation>
    </message>
    <message>
        <source>A slice may rest on its own side of the book before it takes the other</source>
        <translation>한 회를 먼저 자기 쪽 호가에 걸어 두었다가 상대 호가로 체결할 수 있습니다</translation>
    </message>
    <message>
        <source>Random</source>
        <translation>무작위</translation>
    </message>
    <message>
        <source>Sizes and times of the slices move by up to so much, so that nobody reads them</source>
        <translation>남이 알아채지 못하게 회마다 수량과 시각을 이만큼까지 바꿉니다</translation>
    </message>
    <message>
        <source>Rests</source>
        <translation>대기</translation>
    </message>
    <message>
        <source>s</source>
        <translation>초</translation>
    </message>
    <message>
        <source>New prices</source>
        <translation>재호가</translation>
    </message>
    <message>
        <source>So often a slice is priced again before it takes what is there</source>
        <translation>이 횟수만큼 호가를 새로 낸 뒤에 상대 호가로 체결합니다</translation>
    </message>
    <message>
        <source>Ticks</source>
        <translation>틱</translation>
    </message>
    <message>
        <source>From the best price of its own side: + towards the other side, − away from it</source>
        <translation>자기 쪽 최우선 호가에서 +는 상대 쪽으로, −는 더 멀리</translation>
    </message>
    <message>
        <source>Over</source>
        <translation>기간</translation>
    </message>
    <message>
        <source>min</source>
        <translation>분</translation>
    </message>
    <message>
        <source>Slices</source>
        <translation>횟수</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>참여율</translation>
    </message>
    <message>
        <source>At most so much of what the market trades meanwhile</source>
        <translation>그동안 시장 거래량 가운데 이 비율까지만 거래합니다</translation>
    </message>
    <message>
        <source>Shows</source>
        <translation>공개</translation>
    </message>
    <message>
        <source>Urgency</source>
        <translation>긴급도</translation>
    </message>
    <message>
        <source>0 trades evenly; the higher, the more of it at once. 1 is usual.</source>
        <translation>0이면 고르게, 클수록 먼저 많이 거래합니다. 보통 1입니다.</translation>
    </message>
</context>
<context>
    <name>Slices</name>
    <message>
        <source>TWAP: evenly over the time</source>
        <translation>TWAP: 시간에 고르게</translation>
    </message>
    <message>
        <source>VWAP: with the day&apos;s usual volume</source>
        <translation>VWAP: 시간대별 평소 거래량에 맞춰</translation>
    </message>
    <message>
        <source>Shortfall: urgent first</source>
        <translation>집행 손실 최소화: 급한 만큼 먼저</translation>
    </message>
    <message>
        <source>Iceberg: shows a part</source>
        <translation>아이스버그: 일부만 공개</translation>
    </message>
    <message>
        <source>POV: a share of the trades</source>
        <translation>POV: 시장 거래량의 일정 비율</translation>
    </message>
    <message>
        <source>TWAP</source>
        <translation>TWAP</translation>
    </message>
    <message>
        <source>VWAP</source>
        <translation>VWAP</translation>
    </message>
    <message>
        <source>Shortfall</source>
        <translation>손실 최소화</translation>
    </message>
    <message>
        <source>Iceberg</source>
        <translation>아이스버그</translation>
    </message>
    <message>
        <source>POV</source>
        <translation>POV</translation>
    </message>
    <message>
        <source>Takes at once</source>
        <translation>바로 체결</translation>
    </message>
    <message>
        <source>Rests, then takes</source>
        <translation>대기 후 체결</translation>
    </message>
    <message>
        <source>Only rests</source>
        <translation>대기만</translation>
    </message>
    <message>
        <source>Rests at the limit</source>
        <translation>지정가에 대기</translation>
    </message>
    <message>
        <source>Average price {price}</source>
        <translation>평균가 {price}</translation>
    </message>
    <message>
        <source>Next slice {time}</source>
        <translation>다음 주문 {time}</translation>
    </message>
    <message>
        <source>Ends {time}</source>
        <translation>종료 {time}</translation>
    </message>
    <message>
        <source>The duration is 1 second a slice at least, and a day at most.</source>
        <translation>기간은 한 회에 1초 이상, 전체 하루 이하입니다.</translation>
    </message>
    <message>
        <source>A slice is worth more than the venue takes.</source>
        <translation>한 회 금액이 거래소가 받는 최대 금액보다 큽니다.</translation>
    </message>
    <message>
        <source>A slice must be at least {least} {base}.</source>
        <translation>한 회 수량은 {least} {base} 이상이어야 합니다.</translation>
    </message>
    <message>
        <source>Enter 1 to {most} slices.</source>
        <translation>횟수는 1에서 {most}까지 입력하세요.</translation>
    </message>
    <message>
        <source>The share of the market is above 0 and at most 100 %.</source>
        <translation>시장 거래량 비율은 0보다 크고 100 % 이하입니다.</translation>
    </message>
    <message>
        <source>The urgency is a number from 0 on; a usual value is 1.</source>
        <translation>긴급도는 0 이상의 수이며, 보통 1입니다.</translation>
    </message>
    <message>
        <source>The visible part is at least {least} {base}, and not more than the whole.</source>
        <translation>공개 수량은 {least} {base} 이상이고 전체 수량 이하여야 합니다.</translation>
    </message>
    <message>
        <source>An iceberg needs a limit price, or rests first and then takes.</source>
        <translation>아이스버그에는 지정가나 대기 방식이 필요합니다.</translation>
    </message>
    <message>
        <source>So little cannot be sent; at least {least} {base}.</source>
        <translation>수량이 너무 적습니다. {least} {base} 이상이어야 합니다.</translation>
    </message>
    <message>
        <source>Sizes and times move by 0 to {most} %.</source>
        <translation>수량과 시각은 0에서 {most} %까지 바꿀 수 있습니다.</translation>
    </message>
    <message>
        <source>The market has no price now.</source>
        <translation>지금 시장 가격이 없습니다.</translation>
    </message>
</context>
<context>
    <name>StartFailedDialog</name>
    <message>
        <source>The real prices of Upbit cannot be read: there is no connection to the internet, or Upbit does not answer. This mode shows real prices only, so nothing was started, in no other mode either.</source>
        <translation>업비트의 실제 시세를 읽을 수 없습니다. 인터넷에 연결되어 있지 않거나 업비트가 응답하지 않습니다. 이 모드는 실제 시세만 보여 주므로 아무것도 시작하지 않았고, 다른 모드로 바꾸지도 않았습니다.</translation>
    </message>
    <message>
        <source>The exchange on this computer did not start.</source>
        <translation>이 컴퓨터의 거래소가 시작되지 않았습니다.</translation>
    </message>
    <message>
        <source>The journal of this mode cannot be used. Nothing was changed and nothing was started.</source>
        <translation>이 모드의 저널을 사용할 수 없습니다. 아무것도 바꾸지 않았고 아무것도 시작하지 않았습니다.</translation>
    </message>
    <message>
        <source>The system&apos;s key store cannot be used, so there is no key to start with.</source>
        <translation>시스템 키 저장소를 사용할 수 없어 시작에 쓸 키가 없습니다.</translation>
    </message>
    <message>
        <source>The start was refused.</source>
        <translation>시작이 거부되었습니다.</translation>
    </message>
    <message>
        <source>Gwanje did not start</source>
        <translation>관제가 시작되지 않았습니다</translation>
    </message>
    <message>
        <source>Not started: {mode}</source>
        <translation>시작하지 못함: {mode}</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>다시 시도</translation>
    </message>
    <message>
        <source>Start the practice exchange instead</source>
        <translation>연습 거래소로 시작</translation>
    </message>
    <message>
        <source>End</source>
        <translation>끝내기</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>event loop delay p99 {lag} ms</source>
        <translation>이벤트 루프 지연 p99 {lag} ms</translation>
    </message>
    <message>
        <source>quotes {count}/s</source>
        <translation>시세 {count}/s</translation>
    </message>
    <message>
        <source>orders waiting to leave {count}</source>
        <translation>발송 대기 주문 {count}</translation>
    </message>
    <message>
        <source>price to order p50 {p50} · p99 {p99}</source>
        <translation>시세→주문 p50 {p50} · p99 {p99}</translation>
    </message>
    <message>
        <source>How long orders took since the start of the program: half / 95 of 100 / 99 of 100 / longest</source>
        <translation>프로그램 시작 이후 주문에 걸린 시간: 절반 / 100건 중 95건 / 100건 중 99건 / 가장 긴 것</translation>
    </message>
    <message>
        <source>{stage}: {p50} / {p95} / {p99} / {longest} ({count} orders)</source>
        <translation>{stage}: {p50} / {p95} / {p99} / {longest} (주문 {count}건)</translation>
    </message>
    <message>
        <source>Waiting: {counts}</source>
        <translation>대기 중: {counts}</translation>
    </message>
    <message>
        <source>Under way: {count}, longest wait {age}</source>
        <translation>진행 중: {count}건, 가장 오래 기다린 시간 {age}</translation>
    </message>
    <message>
        <source>The venue&apos;s rate limit lets the next exit leave in {exit}, the next entry in {entry}</source>
        <translation>거래소 호출 한도에 따라 다음 청산 주문은 {exit} 뒤, 다음 진입 주문은 {entry} 뒤에 나갈 수 있습니다</translation>
    </message>
    <message>
        <source>standing still {count}</source>
        <translation>멈춘 부분 {count}</translation>
    </message>
    <message>
        <source>loss limits reached {count}</source>
        <translation>도달한 손실 한도 {count}</translation>
    </message>
    <message>
        <source>venue trouble {count}</source>
        <translation>거래소 이상 {count}</translation>
    </message>
    <message>
        <source>halted {count}</source>
        <translation>멈춘 종목 {count}</translation>
    </message>
    <message>
        <source>breakers {count}</source>
        <translation>브레이커 {count}</translation>
    </message>
    <message>
        <source>limits {count}</source>
        <translation>한도 {count}</translation>
    </message>
    <message>
        <source>undone {count}</source>
        <translation>미실행 {count}</translation>
    </message>
    <message>
        <source>{name}: {age} ago, overdue after {due}</source>
        <translation>{name}: {age} 전, 기한 {due} 지남</translation>
    </message>
    <message>
        <source>{name}: {age} ago, at the latest after {due}</source>
        <translation>{name}: {age} 전, 기한 {due}</translation>
    </message>
    <message>
        <source>Last sign of life of the parts of the program</source>
        <translation>프로그램 각 부분의 마지막 생존 신호</translation>
    </message>
    <message>
        <source>journal written · not compared with the venue yet</source>
        <translation>저널 기록됨 · 거래소 대조 전</translation>
    </message>
    <message>
        <source>journal written · compared {time}, in agreement</source>
        <translation>저널 기록됨 · 대조 {time} 일치</translation>
    </message>
    <message>
        <source>journal written · compared {time}, differences found</source>
        <translation>저널 기록됨 · 대조 {time} 차이 있음</translation>
    </message>
    <message>
        <source>Parts that stand still, loss limits reached, venues that hold entries back, halted markets, circuit breakers not closed, limits used to 80 % or more, commands that ended without effect</source>
        <translation>멈춘 부분, 도달한 손실 한도, 진입을 막는 거래소, 멈춘 종목, 닫히지 않은 서킷 브레이커, 80 % 이상 쓴 한도, 효과 없이 끝난 명령</translation>
    </message>
</context>
<context>
    <name>StrategyLauncher</name>
    <message>
        <source>{market} started.</source>
        <translation>{market} 시작됨.</translation>
    </message>
    <message>
        <source>Not started: {reason}</source>
        <translation>시작하지 못함: {reason}</translation>
    </message>
    <message>
        <source>No answer from the engine yet. Look at the positions before you try again.</source>
        <translation>아직 엔진의 답이 없습니다. 다시 하기 전에 포지션을 확인하세요.</translation>
    </message>
    <message>
        <source>Sent, waiting for the engine.</source>
        <translation>보냈습니다. 엔진의 답을 기다립니다.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>Start a strategy</source>
        <translation>전략 실행</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>전략</translation>
    </message>
    <message>
        <source>Market</source>
        <translation>마켓</translation>
    </message>
    <message>
        <source>Search a market</source>
        <translation>마켓 검색</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>예산</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>손절</translation>
    </message>
    <message>
        <source>Enable entries</source>
        <translation>진입 허용</translation>
    </message>
    <message>
        <source>Allow strategies to open positions. Exits work in any case.</source>
        <translation>전략이 포지션을 열 수 있게 합니다. 청산은 언제나 작동합니다.</translation>
    </message>
    <message>
        <source>Start strategy</source>
        <translation>전략 실행</translation>
    </message>
</context>
<context>
    <name>Ticket</name>
    <message>
        <source>This time has passed.</source>
        <translation>이미 지난 시각입니다.</translation>
    </message>
    <message>
        <source>The rule is not usable: {why}</source>
        <translation>쓸 수 없는 규칙입니다: {why}</translation>
    </message>
    <message>
        <source>So much has been traded already.</source>
        <translation>이미 그만큼 체결되었습니다.</translation>
    </message>
    <message>
        <source>Nothing is changed yet.</source>
        <translation>아직 바뀐 것이 없습니다.</translation>
    </message>
    <message>
        <source>Stop, target and trailing are percents above 0; a stop is below 100.</source>
        <translation>손절, 익절, 추적은 0보다 큰 %이고 손절은 100보다 작아야 합니다.</translation>
    </message>
    <message>
        <source>The stop must be a price above 0.</source>
        <translation>손절 가격은 0보다 커야 합니다.</translation>
    </message>
    <message>
        <source>The stop must be below the other price.</source>
        <translation>손절 가격은 다른 가격보다 낮아야 합니다.</translation>
    </message>
    <message>
        <source>Enter the limit price.</source>
        <translation>지정가를 입력하세요.</translation>
    </message>
    <message>
        <source>Enter how much money to spend.</source>
        <translation>쓸 금액을 입력하세요.</translation>
    </message>
    <message>
        <source>Enter how many units.</source>
        <translation>수량을 입력하세요.</translation>
    </message>
    <message>
        <source>This kind of order cannot have this duration.</source>
        <translation>이 유형의 주문에는 쓸 수 없는 유효 조건입니다.</translation>
    </message>
    <message>
        <source>Enter the price to wait for.</source>
        <translation>기다릴 가격을 입력하세요.</translation>
    </message>
    <message>
        <source>The distance must be above 0 and at most {most} %.</source>
        <translation>간격은 0보다 크고 {most} % 이하여야 합니다.</translation>
    </message>
    <message>
        <source>Enter a Korean time such as 09:30 or 2026-11-20 09:30.</source>
        <translation>09:30 또는 2026-11-20 09:30처럼 한국 시각을 입력하세요.</translation>
    </message>
    <message>
        <source>Enter a rule such as close &gt; ema(20).</source>
        <translation>close &gt; ema(20) 같은 규칙을 입력하세요.</translation>
    </message>
    <message>
        <source>The price is off the grid; next are {below} and {above}.</source>
        <translation>호가 단위에 맞지 않습니다. 가까운 가격은 {below}, {above}입니다.</translation>
    </message>
    <message>
        <source>Units come in steps of {step}.</source>
        <translation>수량 단위는 {step}입니다.</translation>
    </message>
    <message>
        <source>Worth {worth}: below the venue&apos;s minimum of {least}.</source>
        <translation>{worth}원어치로 거래소 최소 금액 {least}원보다 적습니다.</translation>
    </message>
    <message>
        <source>At this price it would trade at once; a post-only order must rest.</source>
        <translation>이 가격이면 바로 체결됩니다. Post-only 주문은 호가에 남아야 합니다.</translation>
    </message>
    <message>
        <source>The market is at {price}: this would be sent at once.</source>
        <translation>시장은 {price}입니다. 이대로면 바로 나갑니다.</translation>
    </message>
    <message>
        <source>One order may be worth {most} at most.</source>
        <translation>주문 하나는 {most}원을 넘을 수 없습니다.</translation>
    </message>
    <message>
        <source>Your limit per position is {most}; {held} is held.</source>
        <translation>포지션 한도는 {most}원이고 보유액은 {held}원입니다.</translation>
    </message>
    <message>
        <source>Free cash is {cash}; that is not enough for the order and its fee.</source>
        <translation>주문 가능 금액 {cash}원으로는 주문과 수수료에 모자랍니다.</translation>
    </message>
    <message>
        <source>Nothing of {market} is held.</source>
        <translation>{market} 보유 수량이 없습니다.</translation>
    </message>
    <message>
        <source>{free} {base} can be sold; {held} is held.</source>
        <translation>매도 가능 수량은 {free} {base}, 보유 수량은 {held}입니다.</translation>
    </message>
    <message>
        <source>The market is at {bid}: this stop would sell at once.</source>
        <translation>현재 호가가 {bid}라서 이 손절은 바로 매도됩니다.</translation>
    </message>
    <message>
        <source>Sell for {money}?</source>
        <translation>{money}어치를 매도할까요?</translation>
    </message>
    <message>
        <source>{price} is {away} from the last price. Send?</source>
        <translation>{price}은 현재가에서 {away} 떨어져 있습니다. 보낼까요?</translation>
    </message>
    <message>
        <source>cost {total}</source>
        <translation>비용 {total}</translation>
    </message>
    <message>
        <source>brings {total}</source>
        <translation>받을 금액 {total}</translation>
    </message>
    <message>
        <source>fee {fee}</source>
        <translation>수수료 {fee}</translation>
    </message>
    <message>
        <source>cash left {cash}</source>
        <translation>남는 현금 {cash}</translation>
    </message>
    <message>
        <source>{left} {base} left</source>
        <translation>남는 수량 {left} {base}</translation>
    </message>
    <message>
        <source>slices of about {each} {base}</source>
        <translation>한 회 약 {each} {base}</translation>
    </message>
    <message>
        <source>rests in the book</source>
        <translation>호가에 등록</translation>
    </message>
    <message>
        <source>slippage about {expected}</source>
        <translation>슬리피지 약 {expected}</translation>
    </message>
    <message>
        <source>Not sent: {reason}</source>
        <translation>보내지 않음: {reason}</translation>
    </message>
    <message>
        <source>The engine has changed it.</source>
        <translation>엔진이 정정했습니다.</translation>
    </message>
    <message>
        <source>The engine has taken it.</source>
        <translation>엔진이 접수했습니다.</translation>
    </message>
    <message>
        <source>The sale was taken, its stop was not: {reason}</source>
        <translation>매도는 접수되었지만 손절은 접수되지 않았습니다: {reason}</translation>
    </message>
    <message>
        <source>The stop was taken, the sale was not: {reason}</source>
        <translation>손절은 접수되었지만 매도는 접수되지 않았습니다: {reason}</translation>
    </message>
</context>
<context>
    <name>TicketDepth</name>
    <message>
        <source>No fresh book: the depth is not known.</source>
        <translation>최신 호가가 없어 호가 잔량을 알 수 없습니다.</translation>
    </message>
    <message>
        <source>Most within {percent}% slippage: {size}</source>
        <translation>슬리피지 {percent}% 이내 최대: {size}</translation>
    </message>
    <message>
        <source>By the book as it is now, less what earlier orders here cost beyond the estimate</source>
        <translation>현재 호가 기준이며, 이 마켓의 지난 주문이 예상보다 더 든 만큼을 뺀 값입니다</translation>
    </message>
    <message>
        <source>Spread</source>
        <translation>스프레드</translation>
    </message>
    <message>
        <source>Within {distance}</source>
        <translation>{distance} 이내</translation>
    </message>
    <message>
        <source>Money offered no farther than this from the middle of the spread</source>
        <translation>중간 가격에서 이 거리 안에 있는 호가 금액</translation>
    </message>
    <message>
        <source>Take this</source>
        <translation>이만큼</translation>
    </message>
    <message>
        <source>Put this size into the field</source>
        <translation>이 크기를 입력란에 넣습니다</translation>
    </message>
</context>
<context>
    <name>TicketFields</name>
    <message>
        <source>Spend</source>
        <translation>금액</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>수량</translation>
    </message>
    <message>
        <source>The position in this market keeps its own exits.</source>
        <translation>이 마켓의 포지션은 이미 정한 청산 조건을 지킵니다.</translation>
    </message>
    <message>
        <source>Protection of the position, empty for none</source>
        <translation>포지션 보호 조건, 비우면 없음</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>간격</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>시간</translation>
    </message>
    <message>
        <source>Rule, 1 min bars</source>
        <translation>규칙, 1분봉</translation>
    </message>
    <message>
        <source>Waits for</source>
        <translation>대기 조건</translation>
    </message>
    <message>
        <source>Market</source>
        <translation>마켓</translation>
    </message>
    <message>
        <source>Search a market</source>
        <translation>마켓 검색</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>유형</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>유효 조건</translation>
    </message>
    <message>
        <source>When</source>
        <translation>실행 조건</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>가격</translation>
    </message>
    <message>
        <source>Most</source>
        <translation>최대</translation>
    </message>
    <message>
        <source>As much as there is</source>
        <translation>가능한 만큼 전부</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>손절</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>익절</translation>
    </message>
    <message>
        <source>Trail</source>
        <translation>추적</translation>
    </message>
    <message>
        <source>Or stop at</source>
        <translation>또는 손절가</translation>
    </message>
</context>
<context>
    <name>TopStrip</name>
    <message>
        <source>Delay of the event loop, 99 of 100 turns: {lag} ms</source>
        <translation>이벤트 루프 지연, 100번 중 99번: {lag} ms</translation>
    </message>
    <message>
        <source>loop {lag} ms</source>
        <translation>루프 {lag} ms</translation>
    </message>
    <message>
        <source>{count} critical notices wait to be acknowledged</source>
        <translation>확인을 기다리는 긴급 알림 {count}건</translation>
    </message>
    <message>
        <source>No word from the venue yet</source>
        <translation>아직 거래소 소식이 없습니다</translation>
    </message>
    <message>
        <source>quotes –</source>
        <translation>시세 –</translation>
    </message>
    <message>
        <source>orders –</source>
        <translation>주문 –</translation>
    </message>
    <message>
        <source>connected</source>
        <translation>연결됨</translation>
    </message>
    <message>
        <source>not connected</source>
        <translation>연결 안 됨</translation>
    </message>
    <message>
        <source>{venue} market data: {state}, newest {age} ago</source>
        <translation>{venue} 시세: {state}, 최신 {age} 전</translation>
    </message>
    <message>
        <source>quotes {age}</source>
        <translation>시세 {age}</translation>
    </message>
    <message>
        <source>{venue} account: {state}, last order answered in {age}</source>
        <translation>{venue} 계좌: {state}, 최근 주문 응답 {age}</translation>
    </message>
    <message>
        <source>orders {age}</source>
        <translation>주문 {age}</translation>
    </message>
    <message>
        <source>Ctrl K  Commands</source>
        <translation>Ctrl K  명령</translation>
    </message>
    <message>
        <source>Halt trading: no entry leaves until a password opens it</source>
        <translation>거래 정지: 비밀번호로 풀 때까지 진입 주문이 나가지 않습니다</translation>
    </message>
    <message>
        <source>Dark or light</source>
        <translation>어두운 화면 / 밝은 화면</translation>
    </message>
    <message>
        <source>Language: {name}</source>
        <translation>언어: {name}</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>메뉴</translation>
    </message>
    <message>
        <source>Command palette: find every command</source>
        <translation>명령 팔레트: 모든 명령 찾기</translation>
    </message>
</context>
<context>
    <name>UnlockDialog</name>
    <message>
        <source>agree</source>
        <translation>일치함</translation>
    </message>
    <message>
        <source>Leave the halt</source>
        <translation>정지 해제</translation>
    </message>
    <message>
        <source>Set the password of the kill switch, {count} characters or more. Only its hash is kept.</source>
        <translation>킬 스위치 비밀번호를 {count}자 이상으로 정하세요. 해시만 보관합니다.</translation>
    </message>
    <message>
        <source>Entries stay off after that until you enable them.</source>
        <translation>해제한 뒤에도 진입은 직접 허용할 때까지 꺼져 있습니다.</translation>
    </message>
    <message>
        <source>Books and venue</source>
        <translation>장부와 거래소</translation>
    </message>
    <message>
        <source>New password</source>
        <translation>새 비밀번호</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>비밀번호</translation>
    </message>
    <message>
        <source>Once more</source>
        <translation>한 번 더</translation>
    </message>
    <message>
        <source>Your phrase</source>
        <translation>문구 입력</translation>
    </message>
    <message>
        <source>Type this</source>
        <translation>그대로 입력</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
</context>
<context>
    <name>Why</name>
    <message>
        <source>Age of the book</source>
        <translation>호가 경과 시간</translation>
    </message>
    <message>
        <source>Spread</source>
        <translation>스프레드</translation>
    </message>
    <message>
        <source>Expected slippage</source>
        <translation>예상 슬리피지</translation>
    </message>
    <message>
        <source>Money needed, of what is free</source>
        <translation>필요 금액 / 사용 가능 금액</translation>
    </message>
    <message>
        <source>Position with this order</source>
        <translation>이 주문을 포함한 포지션</translation>
    </message>
    <message>
        <source>Total exposure with this order</source>
        <translation>이 주문을 포함한 총 노출</translation>
    </message>
    <message>
        <source>Daily loss limit used</source>
        <translation>일일 손실 한도 사용</translation>
    </message>
    <message>
        <source>Units to sell, of what is free</source>
        <translation>매도 수량 / 매도 가능 수량</translation>
    </message>
    <message>
        <source>Value of the order</source>
        <translation>주문 금액</translation>
    </message>
    <message>
        <source>Intent written down</source>
        <translation>주문 의도 기록</translation>
    </message>
    <message>
        <source>Taken over from the venue</source>
        <translation>거래소에서 찾아 이어받음</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>체결</translation>
    </message>
    <message>
        <source>Request: the order leaves for the venue</source>
        <translation>요청: 주문을 거래소로 전송</translation>
    </message>
    <message>
        <source>The venue took it: it comes once the other order is cancelled</source>
        <translation>거래소가 접수함: 기존 주문이 취소된 뒤 주문이 생성됩니다</translation>
    </message>
    <message>
        <source>The venue acknowledged it</source>
        <translation>거래소가 접수함</translation>
    </message>
    <message>
        <source>The venue refused it</source>
        <translation>거래소가 거부함</translation>
    </message>
    <message>
        <source>No usable answer: unknown, looked up at the venue</source>
        <translation>응답 없음: 결과를 몰라 거래소에 조회</translation>
    </message>
    <message>
        <source>The venue reports it partly filled</source>
        <translation>거래소 보고: 일부 체결</translation>
    </message>
    <message>
        <source>The venue reports it filled</source>
        <translation>거래소 보고: 전량 체결</translation>
    </message>
    <message>
        <source>Request: cancel it</source>
        <translation>요청: 주문 취소</translation>
    </message>
    <message>
        <source>The venue refused the cancel</source>
        <translation>거래소가 취소를 거부함</translation>
    </message>
    <message>
        <source>It ended at the venue</source>
        <translation>거래소에서 종료됨</translation>
    </message>
    <message>
        <source>It never arrived at the venue</source>
        <translation>거래소에 도착하지 않음</translation>
    </message>
    <message>
        <source>It did not leave</source>
        <translation>전송되지 않음</translation>
    </message>
    <message>
        <source>negligible</source>
        <translation>미미</translation>
    </message>
    <message>
        <source>low</source>
        <translation>작음</translation>
    </message>
    <message>
        <source>medium</source>
        <translation>보통</translation>
    </message>
    <message>
        <source>high</source>
        <translation>큼</translation>
    </message>
    <message>
        <source>more than the visible book</source>
        <translation>보이는 호가 잔량보다 많음</translation>
    </message>
    <message>
        <source>The risk gate approved it</source>
        <translation>위험 관문 통과</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>비용</translation>
    </message>
    <message>
        <source>Signal: the exit rule of {name} held</source>
        <translation>신호: {name}의 청산 조건 충족</translation>
    </message>
    <message>
        <source>Signal: {reason} was reached</source>
        <translation>신호: {reason} 도달</translation>
    </message>
    <message>
        <source>Signal: a person closed the position</source>
        <translation>신호: 사용자가 포지션을 청산</translation>
    </message>
    <message>
        <source>Signal: a person placed the order</source>
        <translation>신호: 사용자가 직접 주문</translation>
    </message>
    <message>
        <source>Signal: what an instruction waited for has happened</source>
        <translation>신호: 지시의 조건 충족</translation>
    </message>
    <message>
        <source>Signal: the emergency control was pressed</source>
        <translation>신호: 긴급 전체 청산을 누름</translation>
    </message>
    <message>
        <source>Found at the venue: the journal had lost it</source>
        <translation>저널에서 사라진 주문을 거래소에서 찾음</translation>
    </message>
    <message>
        <source>Signal: {name}, part {number} of an entry</source>
        <translation>신호: {name}, 나눈 진입의 {number}번째</translation>
    </message>
    <message>
        <source>Signal: {name}, rung {number} of {count}</source>
        <translation>신호: {name}, {count}단계 중 {number}단계</translation>
    </message>
    <message>
        <source>Signal: the entry rule of {name} held</source>
        <translation>신호: {name}의 진입 조건 충족</translation>
    </message>
    <message>
        <source>Waited for</source>
        <translation>기다린 조건</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>접수</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>조건식</translation>
    </message>
    <message>
        <source>Emergency run</source>
        <translation>긴급 청산 번호</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>기준 가격</translation>
    </message>
    <message>
        <source>Last price</source>
        <translation>결정 시 현재가</translation>
    </message>
    <message>
        <source>Close of the bar {begin} to {end}</source>
        <translation>봉 종가 ({begin}~{end})</translation>
    </message>
    <message>
        <source>Best bid and offer</source>
        <translation>최우선 매수 / 매도 호가</translation>
    </message>
    <message>
        <source>An older version did not write down what the gate measured.</source>
        <translation>이전 버전은 관문의 측정값을 기록하지 않았습니다.</translation>
    </message>
    <message>
        <source>Estimated average price</source>
        <translation>예상 평균가</translation>
    </message>
    <message>
        <source>Worst price of the walk</source>
        <translation>예상 최악 체결가</translation>
    </message>
    <message>
        <source>Impact, share of the visible side</source>
        <translation>시장 영향 / 보이는 잔량 대비</translation>
    </message>
    <message>
        <source>Order ID of the venue</source>
        <translation>거래소 주문 번호</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>비고</translation>
    </message>
    <message>
        <source>Order ID</source>
        <translation>주문 번호</translation>
    </message>
    <message>
        <source>In the place of the order</source>
        <translation>대신하는 기존 주문</translation>
    </message>
    <message>
        <source>Limit price</source>
        <translation>지정가</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>유효 조건</translation>
    </message>
    <message>
        <source>Price, units</source>
        <translation>가격 / 수량</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>금액</translation>
    </message>
    <message>
        <source>Fee</source>
        <translation>수수료</translation>
    </message>
    <message>
        <source>Time at the venue</source>
        <translation>거래소 시각</translation>
    </message>
    <message>
        <source>Nothing is filled, so it cost nothing.</source>
        <translation>체결이 없어 비용도 없습니다.</translation>
    </message>
    <message>
        <source>Filled, average price</source>
        <translation>체결 수량 / 평균가</translation>
    </message>
    <message>
        <source>Slippage against the estimate</source>
        <translation>예상 대비 슬리피지</translation>
    </message>
    <message>
        <source>Slippage against the last price</source>
        <translation>결정 시 현재가 대비 슬리피지</translation>
    </message>
    <message>
        <source>Fee and slippage (worse is +)</source>
        <translation>수수료 + 슬리피지 (불리하면 +)</translation>
    </message>
</context>
<context>
    <name>WhyDialog</name>
    <message>
        <source>Why did it trade?</source>
        <translation>왜 거래했나요?</translation>
    </message>
    <message>
        <source>Story of the order</source>
        <translation>주문의 경과</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>복사</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>다시 읽기</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Reading the journal…</source>
        <translation>저널을 읽는 중…</translation>
    </message>
</context>
<context>
    <name>Wording</name>
    <message>
        <source>Waiting</source>
        <translation>대기</translation>
    </message>
    <message>
        <source>Active</source>
        <translation>활성</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>일시 중지</translation>
    </message>
    <message>
        <source>Closing</source>
        <translation>종료 중</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>종료됨</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>오류</translation>
    </message>
    <message>
        <source>Written down</source>
        <translation>기록됨</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>보냄</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>확인 중</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>접수됨</translation>
    </message>
    <message>
        <source>Partly filled</source>
        <translation>일부 체결</translation>
    </message>
    <message>
        <source>Cancelling</source>
        <translation>취소 중</translation>
    </message>
    <message>
        <source>Filled</source>
        <translation>체결됨</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>취소됨</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>거부됨</translation>
    </message>
    <message>
        <source>Expired</source>
        <translation>만료됨</translation>
    </message>
    <message>
        <source>Armed</source>
        <translation>대기 중</translation>
    </message>
    <message>
        <source>At work</source>
        <translation>실행 중</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>완료</translation>
    </message>
    <message>
        <source>Withdrawn</source>
        <translation>철회됨</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>실패</translation>
    </message>
    <message>
        <source>At once</source>
        <translation>즉시</translation>
    </message>
    <message>
        <source>Price at or above</source>
        <translation>가격 이상</translation>
    </message>
    <message>
        <source>Price at or below</source>
        <translation>가격 이하</translation>
    </message>
    <message>
        <source>Trailing</source>
        <translation>추적</translation>
    </message>
    <message>
        <source>At a time</source>
        <translation>지정 시각</translation>
    </message>
    <message>
        <source>By a rule</source>
        <translation>조건식</translation>
    </message>
    <message>
        <source>After another one</source>
        <translation>다른 지시 후</translation>
    </message>
    <message>
        <source>Entries off</source>
        <translation>진입 꺼짐</translation>
    </message>
    <message>
        <source>Entries on</source>
        <translation>진입 허용</translation>
    </message>
    <message>
        <source>Exits only</source>
        <translation>청산만</translation>
    </message>
    <message>
        <source>Halted</source>
        <translation>정지됨</translation>
    </message>
    <message>
        <source>Practice exchange</source>
        <translation>연습 거래소</translation>
    </message>
    <message>
        <source>Dry run</source>
        <translation>드라이런</translation>
    </message>
    <message>
        <source>Paper account</source>
        <translation>모의 계좌</translation>
    </message>
    <message>
        <source>Live account</source>
        <translation>실전 계좌</translation>
    </message>
    <message>
        <source>No real money: orders go to the practice exchange on this computer.</source>
        <translation>실제 돈이 아닙니다. 주문은 이 컴퓨터의 연습 거래소로 갑니다.</translation>
    </message>
    <message>
        <source>Real prices. Decisions are made and written down, and no order is sent anywhere.</source>
        <translation>실제 시세. 판단하고 기록만 하며, 주문은 어디로도 보내지 않습니다.</translation>
    </message>
    <message>
        <source>Real prices, play money: orders are matched on this computer against the real depth.</source>
        <translation>실제 시세, 연습용 돈. 주문은 이 컴퓨터에서 실제 호가 잔량에 맞춰 체결됩니다.</translation>
    </message>
    <message>
        <source>Real money is at stake.</source>
        <translation>실제 돈이 걸려 있습니다.</translation>
    </message>
    <message>
        <source>Closed trades</source>
        <translation>종료된 거래</translation>
    </message>
    <message>
        <source>Days with a closed trade</source>
        <translation>거래가 종료된 날</translation>
    </message>
    <message>
        <source>Win rate, lower end of its interval</source>
        <translation>승률, 신뢰구간 하한</translation>
    </message>
    <message>
        <source>Largest fall from a peak</source>
        <translation>최대 낙폭</translation>
    </message>
    <message>
        <source>Mean result of a trade, lower end of its interval</source>
        <translation>거래당 평균 수익률, 신뢰구간 하한</translation>
    </message>
    <message>
        <source>Positions still open</source>
        <translation>아직 열려 있는 포지션</translation>
    </message>
    <message>
        <source>Fire drills passed</source>
        <translation>통과한 비상 훈련</translation>
    </message>
    <message>
        <source>This is no key: both parts are letters and digits.</source>
        <translation>키가 아닙니다. 두 부분 모두 영문자와 숫자로 되어 있어야 합니다.</translation>
    </message>
    <message>
        <source>Upbit does not know this access key.</source>
        <translation>업비트가 모르는 액세스 키입니다.</translation>
    </message>
    <message>
        <source>The secret key does not belong to this access key.</source>
        <translation>시크릿 키가 이 액세스 키와 맞지 않습니다.</translation>
    </message>
    <message>
        <source>This computer&apos;s address is not on the key&apos;s list.</source>
        <translation>이 컴퓨터의 IP 주소가 키의 허용 목록에 없습니다.</translation>
    </message>
    <message>
        <source>The key has expired.</source>
        <translation>키가 만료되었습니다.</translation>
    </message>
    <message>
        <source>The key may not read the account. Allow it.</source>
        <translation>키에 자산조회 권한이 없습니다. 허용하세요.</translation>
    </message>
    <message>
        <source>The key may not read orders. Allow it.</source>
        <translation>키에 주문조회 권한이 없습니다. 허용하세요.</translation>
    </message>
    <message>
        <source>The key has to do with withdrawals. Make one without: this program never needs it.</source>
        <translation>출금과 관련된 권한이 있는 키입니다. 이 프로그램은 출금 권한이 필요 없으니 없는 키를 새로 만드세요.</translation>
    </message>
    <message>
        <source>Upbit gave no usable answer, so the key was not checked.</source>
        <translation>업비트가 쓸 만한 응답을 주지 않아 키를 검사하지 못했습니다.</translation>
    </message>
    <message>
        <source>Stop-loss</source>
        <translation>손절</translation>
    </message>
    <message>
        <source>Take-profit</source>
        <translation>익절</translation>
    </message>
    <message>
        <source>Trailing stop</source>
        <translation>추적 손절</translation>
    </message>
    <message>
        <source>Time exit</source>
        <translation>시간 청산</translation>
    </message>
    <message>
        <source>Strategy signal</source>
        <translation>전략 신호</translation>
    </message>
    <message>
        <source>By hand</source>
        <translation>직접 종료</translation>
    </message>
    <message>
        <source>Emergency</source>
        <translation>긴급 청산</translation>
    </message>
    <message>
        <source>Found at the venue</source>
        <translation>거래소에서 확인됨</translation>
    </message>
    <message>
        <source>Cancelling orders</source>
        <translation>주문 취소 중</translation>
    </message>
    <message>
        <source>Selling</source>
        <translation>매도 중</translation>
    </message>
    <message>
        <source>Confirming with the venue</source>
        <translation>거래소 확인 중</translation>
    </message>
    <message>
        <source>Flat: the venue confirmed it twice</source>
        <translation>청산 완료: 거래소가 두 번 확인함</translation>
    </message>
    <message>
        <source>Done as asked: the venue confirmed it twice</source>
        <translation>요청대로 완료: 거래소가 두 번 확인함</translation>
    </message>
    <message>
        <source>Needs your attention</source>
        <translation>확인이 필요합니다</translation>
    </message>
    <message>
        <source>Waiting for its turn</source>
        <translation>차례 대기</translation>
    </message>
    <message>
        <source>Orders gone, not confirmed yet</source>
        <translation>주문 없음, 확인 전</translation>
    </message>
    <message>
        <source>Sold, not confirmed yet</source>
        <translation>매도됨, 확인 전</translation>
    </message>
    <message>
        <source>Confirmed by the venue</source>
        <translation>거래소가 확인함</translation>
    </message>
    <message>
        <source>Sold, dust below the minimum is left</source>
        <translation>매도됨, 최소 미만 잔량만 남음</translation>
    </message>
    <message>
        <source>Stuck, trying again</source>
        <translation>막힘, 다시 시도 중</translation>
    </message>
    <message>
        <source>Buy</source>
        <translation>매수</translation>
    </message>
    <message>
        <source>Sell</source>
        <translation>매도</translation>
    </message>
    <message>
        <source>Market</source>
        <translation>시장가</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>지정가</translation>
    </message>
    <message>
        <source>Best price</source>
        <translation>최유리</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>진입</translation>
    </message>
    <message>
        <source>Exit</source>
        <translation>청산</translation>
    </message>
    <message>
        <source>Liquidation</source>
        <translation>긴급 청산</translation>
    </message>
    <message>
        <source>Cancel order</source>
        <translation>주문 취소</translation>
    </message>
    <message>
        <source>Look-up</source>
        <translation>조회</translation>
    </message>
    <message>
        <source>price received to decision</source>
        <translation>시세 수신 → 판단</translation>
    </message>
    <message>
        <source>decision to journal on disk, waiting in the queue included</source>
        <translation>판단 → 저널 디스크 기록 (대기열 시간 포함)</translation>
    </message>
    <message>
        <source>journal on disk to first byte, waiting for the rate limit included</source>
        <translation>저널 기록 → 첫 바이트 전송 (호출 한도 대기 포함)</translation>
    </message>
    <message>
        <source>price received to first byte, all of the above</source>
        <translation>시세 수신 → 첫 바이트 전송 (위의 합계)</translation>
    </message>
    <message>
        <source>first byte to the venue&apos;s acknowledgement</source>
        <translation>첫 바이트 전송 → 거래소 접수 확인</translation>
    </message>
    <message>
        <source>first byte to the first fill (market orders)</source>
        <translation>첫 바이트 전송 → 첫 체결 (시장가 주문)</translation>
    </message>
    <message>
        <source>Entries are off. Enable them to trade.</source>
        <translation>진입이 꺼져 있습니다. 허용해야 거래합니다.</translation>
    </message>
    <message>
        <source>Only exits are allowed now. Enable entries first.</source>
        <translation>지금은 청산만 됩니다. 먼저 진입을 허용하세요.</translation>
    </message>
    <message>
        <source>A password has to be set first.</source>
        <translation>먼저 비밀번호를 정해야 합니다.</translation>
    </message>
    <message>
        <source>Too soon after a failed attempt.</source>
        <translation>실패한 뒤 아직 기다려야 합니다.</translation>
    </message>
    <message>
        <source>The phrase is not the one that is asked for.</source>
        <translation>문구가 다릅니다.</translation>
    </message>
    <message>
        <source>Trading is halted until it is unlocked.</source>
        <translation>잠금을 풀 때까지 거래가 정지됩니다.</translation>
    </message>
    <message>
        <source>The emergency liquidation is running.</source>
        <translation>긴급 청산이 진행 중입니다.</translation>
    </message>
    <message>
        <source>The account has not been compared with the venue yet.</source>
        <translation>아직 계좌를 거래소와 대조하지 않았습니다.</translation>
    </message>
    <message>
        <source>The rules of this market are not known yet.</source>
        <translation>아직 이 마켓의 거래 규칙을 모릅니다.</translation>
    </message>
    <message>
        <source>The venue does not trade this market now.</source>
        <translation>지금 거래소가 이 마켓을 거래하지 않습니다.</translation>
    </message>
    <message>
        <source>There is no price for this market yet.</source>
        <translation>아직 이 마켓의 가격이 없습니다.</translation>
    </message>
    <message>
        <source>The last price is too old.</source>
        <translation>마지막 가격이 너무 오래됐습니다.</translation>
    </message>
    <message>
        <source>The spread is too wide.</source>
        <translation>스프레드가 너무 넓습니다.</translation>
    </message>
    <message>
        <source>The order would move the price further than the strategy allows.</source>
        <translation>주문이 전략의 허용치보다 가격을 더 움직입니다.</translation>
    </message>
    <message>
        <source>The price is too far from the market.</source>
        <translation>가격이 시장에서 너무 멉니다.</translation>
    </message>
    <message>
        <source>A figure is not usable.</source>
        <translation>쓸 수 없는 숫자가 있습니다.</translation>
    </message>
    <message>
        <source>This market is paid in another currency.</source>
        <translation>이 마켓은 다른 통화로 거래됩니다.</translation>
    </message>
    <message>
        <source>The price it waits for has been reached already.</source>
        <translation>기다리는 가격에 이미 도달했습니다.</translation>
    </message>
    <message>
        <source>The price is not on the venue&apos;s price grid.</source>
        <translation>가격이 거래소 호가 단위에 맞지 않습니다.</translation>
    </message>
    <message>
        <source>The amount is below the venue&apos;s minimum.</source>
        <translation>금액이 거래소 최소보다 작습니다.</translation>
    </message>
    <message>
        <source>The amount is above the venue&apos;s maximum.</source>
        <translation>금액이 거래소 최대를 넘습니다.</translation>
    </message>
    <message>
        <source>There is not enough free cash.</source>
        <translation>사용 가능 현금이 모자랍니다.</translation>
    </message>
    <message>
        <source>The position would exceed your size limit.</source>
        <translation>포지션이 크기 한도를 넘게 됩니다.</translation>
    </message>
    <message>
        <source>The greatest number of positions is reached.</source>
        <translation>포지션 수가 한도에 이르렀습니다.</translation>
    </message>
    <message>
        <source>The same order is on its way already.</source>
        <translation>같은 주문이 이미 나가 있습니다.</translation>
    </message>
    <message>
        <source>An order with an unknown outcome comes first.</source>
        <translation>결과를 확인 중인 주문이 먼저입니다.</translation>
    </message>
    <message>
        <source>Too many orders in the last minute.</source>
        <translation>최근 1분 주문이 너무 많습니다.</translation>
    </message>
    <message>
        <source>The last entry in this market left a moment ago.</source>
        <translation>이 마켓의 마지막 진입 주문이 방금 나갔습니다.</translation>
    </message>
    <message>
        <source>The order is larger than one order may be.</source>
        <translation>한 번의 주문으로는 너무 큽니다.</translation>
    </message>
    <message>
        <source>It would exceed your limit for this market.</source>
        <translation>이 마켓의 한도를 넘게 됩니다.</translation>
    </message>
    <message>
        <source>Today&apos;s number of trades is used up.</source>
        <translation>오늘의 거래 횟수를 모두 썼습니다.</translation>
    </message>
    <message>
        <source>It would exceed what may be bought for today.</source>
        <translation>오늘의 매수 금액 한도를 넘게 됩니다.</translation>
    </message>
    <message>
        <source>This month&apos;s number of trades is used up.</source>
        <translation>이번 달의 거래 횟수를 모두 썼습니다.</translation>
    </message>
    <message>
        <source>It would exceed what may be bought for this month.</source>
        <translation>이번 달의 매수 금액 한도를 넘게 됩니다.</translation>
    </message>
    <message>
        <source>Too many entries are waiting to leave.</source>
        <translation>전송을 기다리는 진입 주문이 너무 많습니다.</translation>
    </message>
    <message>
        <source>A position is running in this market already.</source>
        <translation>이 마켓에 이미 실행 중인 포지션이 있습니다.</translation>
    </message>
    <message>
        <source>There is nothing to do for this position.</source>
        <translation>이 포지션에 할 일이 없습니다.</translation>
    </message>
    <message>
        <source>The loss limit is reached. Entries stay off.</source>
        <translation>손실 한도에 이르렀습니다. 진입은 꺼져 있습니다.</translation>
    </message>
    <message>
        <source>The month&apos;s loss limit is reached. Entries stay off.</source>
        <translation>월 손실 한도에 도달했습니다. 진입이 중지됩니다.</translation>
    </message>
    <message>
        <source>A loss limit was reached. Acknowledge it first.</source>
        <translation>손실 한도에 도달했습니다. 먼저 확인하세요.</translation>
    </message>
    <message>
        <source>What is lost cannot be computed: a holding has no price to be trusted.</source>
        <translation>보유 종목에 믿을 만한 가격이 없어 손실을 계산할 수 없습니다.</translation>
    </message>
    <message>
        <source>The circuit breaker is open; entries wait.</source>
        <translation>서킷 브레이커가 열려 있어 진입이 대기합니다.</translation>
    </message>
    <message>
        <source>The venue does not answer, or is being read again.</source>
        <translation>거래소가 응답하지 않거나, 다시 확인하는 중입니다.</translation>
    </message>
    <message>
        <source>The venue is about to close for maintenance.</source>
        <translation>거래소가 곧 점검에 들어갑니다.</translation>
    </message>
    <message>
        <source>The venue&apos;s clock and this computer&apos;s do not agree.</source>
        <translation>거래소 시계와 이 컴퓨터 시계가 맞지 않습니다.</translation>
    </message>
    <message>
        <source>The price stream is silent.</source>
        <translation>실시간 시세가 들어오지 않습니다.</translation>
    </message>
    <message>
        <source>The market seems to be halted, or came back far away.</source>
        <translation>종목 거래가 멈췄거나, 크게 벌어진 값으로 재개되었습니다.</translation>
    </message>
    <message>
        <source>This is not possible in the present state.</source>
        <translation>지금 상태에서는 할 수 없습니다.</translation>
    </message>
    <message>
        <source>The strategy has not passed the gate from paper to live.</source>
        <translation>모의에서 실전으로 가는 관문을 통과하지 못한 전략입니다.</translation>
    </message>
    <message>
        <source>It came too late to be carried out.</source>
        <translation>너무 늦어 실행하지 않았습니다.</translation>
    </message>
    <message>
        <source>daily loss limit</source>
        <translation>일일 손실 한도</translation>
    </message>
    <message>
        <source>total loss limit</source>
        <translation>전체 손실 한도</translation>
    </message>
    <message>
        <source>loss limits not watched</source>
        <translation>손실 한도 감시 불가</translation>
    </message>
    <message>
        <source>orders</source>
        <translation>주문</translation>
    </message>
    <message>
        <source>cancels</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>look-ups</source>
        <translation>조회</translation>
    </message>
    <message>
        <source>price history</source>
        <translation>시세 이력</translation>
    </message>
    <message>
        <source>Closed, entries may leave</source>
        <translation>닫힘, 진입 가능</translation>
    </message>
    <message>
        <source>Open, no entry leaves</source>
        <translation>열림, 진입 중지</translation>
    </message>
    <message>
        <source>Half-open, one entry at a time</source>
        <translation>반열림, 진입은 한 번에 하나</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>응답함</translation>
    </message>
    <message>
        <source>No answer</source>
        <translation>응답 없음</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>재확인 중</translation>
    </message>
    <message>
        <source>one side of the book is empty</source>
        <translation>호가 한쪽이 비었음</translation>
    </message>
    <message>
        <source>spread too wide</source>
        <translation>호가 차이가 너무 큼</translation>
    </message>
    <message>
        <source>trading has stopped</source>
        <translation>체결이 멈춤</translation>
    </message>
    <message>
        <source>closed by the venue</source>
        <translation>거래소가 닫음</translation>
    </message>
    <message>
        <source>the venue warns of it</source>
        <translation>거래소 유의 종목</translation>
    </message>
    <message>
        <source>not listed any more</source>
        <translation>상장 목록에 없음</translation>
    </message>
    <message>
        <source>came back far away</source>
        <translation>크게 벌어져 재개됨</translation>
    </message>
    <message>
        <source>done again</source>
        <translation>다시 실행함</translation>
    </message>
    <message>
        <source>the order did arrive at the venue</source>
        <translation>주문이 거래소에 도착해 있었음</translation>
    </message>
    <message>
        <source>its position is closed</source>
        <translation>포지션이 종료됨</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>주문</translation>
    </message>
    <message>
        <source>Emergency liquidation</source>
        <translation>긴급 청산</translation>
    </message>
    <message>
        <source>Start of a strategy</source>
        <translation>전략 시작</translation>
    </message>
    <message>
        <source>Closing of a position</source>
        <translation>포지션 청산</translation>
    </message>
    <message>
        <source>Pause of a position</source>
        <translation>포지션 일시정지</translation>
    </message>
    <message>
        <source>Resumption of a position</source>
        <translation>포지션 재개</translation>
    </message>
    <message>
        <source>Cancel of an order</source>
        <translation>주문 취소</translation>
    </message>
    <message>
        <source>Instruction by hand</source>
        <translation>직접 지시</translation>
    </message>
    <message>
        <source>Withdrawal of an instruction</source>
        <translation>지시 철회</translation>
    </message>
    <message>
        <source>Pause of an instruction</source>
        <translation>지시 일시 중지</translation>
    </message>
    <message>
        <source>Resumption of an instruction</source>
        <translation>지시 재개</translation>
    </message>
    <message>
        <source>Change of an instruction</source>
        <translation>지시 변경</translation>
    </message>
    <message>
        <source>Change of the trading state</source>
        <translation>거래 상태 변경</translation>
    </message>
    <message>
        <source>Leaving the halt</source>
        <translation>거래 정지 해제</translation>
    </message>
    <message>
        <source>Password of the kill switch</source>
        <translation>킬 스위치 비밀번호</translation>
    </message>
    <message>
        <source>Change of the password of the kill switch</source>
        <translation>킬 스위치 비밀번호 변경</translation>
    </message>
    <message>
        <source>Opening of a circuit breaker</source>
        <translation>서킷 브레이커 열기</translation>
    </message>
    <message>
        <source>Override of the gate from paper to live</source>
        <translation>모의→실전 관문 예외 통과</translation>
    </message>
    <message>
        <source>Closing of a circuit breaker</source>
        <translation>서킷 브레이커 닫기</translation>
    </message>
    <message>
        <source>Acknowledgement of a loss</source>
        <translation>손실 확인</translation>
    </message>
    <message>
        <source>The last run did not end properly</source>
        <translation>지난 실행이 정상적으로 끝나지 않았습니다</translation>
    </message>
    <message>
        <source>An order given up here works at the venue; cancelling it</source>
        <translation>포기했던 주문이 거래소에 살아 있어 취소합니다</translation>
    </message>
    <message>
        <source>The venue had an order of ours that the journal lost</source>
        <translation>기록에서 사라진 우리 주문을 거래소에서 찾았습니다</translation>
    </message>
    <message>
        <source>The venue holds less than our books say</source>
        <translation>거래소 보유량이 장부보다 적습니다</translation>
    </message>
    <message>
        <source>A rule was broken; only exits are allowed now</source>
        <translation>규칙이 깨져 지금은 청산만 됩니다</translation>
    </message>
    <message>
        <source>An exit keeps failing and is tried again</source>
        <translation>청산이 계속 실패해 다시 시도합니다</translation>
    </message>
    <message>
        <source>A sale you asked for keeps failing and is tried again</source>
        <translation>요청한 매도가 계속 실패하여 다시 시도합니다</translation>
    </message>
    <message>
        <source>The journal cannot be written; no order leaves</source>
        <translation>저널을 쓸 수 없어 주문이 나가지 않습니다</translation>
    </message>
    <message>
        <source>A part of the program stands still; entries are off</source>
        <translation>프로그램 일부가 멈춰 진입이 꺼졌습니다</translation>
    </message>
    <message>
        <source>The program stood still; entries are off</source>
        <translation>프로그램이 멈춰 있어 진입이 꺼졌습니다</translation>
    </message>
    <message>
        <source>A part of the program stopped unexpectedly</source>
        <translation>프로그램 일부가 뜻밖에 멈췄습니다</translation>
    </message>
    <message>
        <source>A blueprint file cannot be used</source>
        <translation>전략 파일을 쓸 수 없습니다</translation>
    </message>
    <message>
        <source>A decision failed with an internal error; entries are off</source>
        <translation>판단이 내부 오류로 실패해 진입이 꺼져 있습니다</translation>
    </message>
    <message>
        <source>A circuit breaker opened; entries wait, exits go on</source>
        <translation>서킷 브레이커가 열렸습니다. 진입은 대기하고 청산은 계속됩니다</translation>
    </message>
    <message>
        <source>A circuit breaker closed; entries may leave again</source>
        <translation>서킷 브레이커가 닫혔습니다. 진입이 다시 가능합니다</translation>
    </message>
    <message>
        <source>Many wrong passwords for leaving the halt</source>
        <translation>거래 정지 해제 비밀번호가 여러 번 틀렸습니다</translation>
    </message>
    <message>
        <source>The password of the kill switch cannot be checked</source>
        <translation>킬 스위치 비밀번호를 확인할 수 없습니다</translation>
    </message>
    <message>
        <source>The kill switch could not be written down everywhere</source>
        <translation>킬 스위치를 모든 곳에 기록하지 못했습니다</translation>
    </message>
    <message>
        <source>The venue does not answer; entries wait, exits are tried on</source>
        <translation>거래소가 응답하지 않습니다. 진입은 멈추고 청산은 계속 시도합니다</translation>
    </message>
    <message>
        <source>The venue answers again; account and bars were read anew</source>
        <translation>거래소가 다시 응답합니다. 계좌와 봉을 새로 읽었습니다</translation>
    </message>
    <message>
        <source>The venue answers slowly</source>
        <translation>거래소 응답이 느립니다</translation>
    </message>
    <message>
        <source>The venue&apos;s clock and this computer&apos;s differ</source>
        <translation>거래소 시계와 이 컴퓨터 시계가 다릅니다</translation>
    </message>
    <message>
        <source>The price stream is silent; stops go by books that are asked for</source>
        <translation>실시간 시세가 끊겼습니다. 손절은 조회한 호가로 판단합니다</translation>
    </message>
    <message>
        <source>Prices come again</source>
        <translation>시세가 다시 들어옵니다</translation>
    </message>
    <message>
        <source>The venue closes for maintenance; no entry leaves</source>
        <translation>거래소가 점검에 들어갑니다. 진입 주문을 내지 않습니다</translation>
    </message>
    <message>
        <source>Selling everything before the maintenance, as you chose</source>
        <translation>설정하신 대로 점검 전에 모두 청산합니다</translation>
    </message>
    <message>
        <source>A market you hold seems to be halted</source>
        <translation>보유 종목의 거래가 멈춘 것 같습니다</translation>
    </message>
    <message>
        <source>A market you hold trades again</source>
        <translation>보유 종목의 거래가 재개되었습니다</translation>
    </message>
    <message>
        <source>A market came back far away; signals from before are void</source>
        <translation>종목이 크게 벌어진 값으로 재개되었습니다. 이전 신호는 무효입니다</translation>
    </message>
    <message>
        <source>The program was held up</source>
        <translation>프로그램이 멈칫했습니다</translation>
    </message>
    <message>
        <source>Somebody unknown wrote to your bot; it was ignored</source>
        <translation>모르는 사람이 봇에 보낸 메시지를 무시함</translation>
    </message>
    <message>
        <source>A remote command came too late and was not carried out</source>
        <translation>원격 명령이 너무 늦게 도착해 실행하지 않았습니다</translation>
    </message>
    <message>
        <source>Desktop notices do not work</source>
        <translation>바탕화면 알림이 작동하지 않음</translation>
    </message>
    <message>
        <source>Telegram cannot be reached; notices wait</source>
        <translation>텔레그램에 연결할 수 없어 알림이 기다림</translation>
    </message>
    <message>
        <source>The webhook cannot be reached; notices wait</source>
        <translation>웹훅에 연결할 수 없어 알림이 기다림</translation>
    </message>
    <message>
        <source>Desktop notices work again</source>
        <translation>바탕화면 알림이 다시 작동함</translation>
    </message>
    <message>
        <source>Telegram works again</source>
        <translation>텔레그램이 다시 작동함</translation>
    </message>
    <message>
        <source>The webhook works again</source>
        <translation>웹훅이 다시 작동함</translation>
    </message>
    <message>
        <source>Most of today&apos;s trades are used</source>
        <translation>오늘의 거래 횟수를 거의 다 썼습니다</translation>
    </message>
    <message>
        <source>Most of this month&apos;s trades are used</source>
        <translation>이번 달의 거래 횟수를 거의 다 썼습니다</translation>
    </message>
    <message>
        <source>Most of what may be bought for today is used</source>
        <translation>오늘의 매수 금액 한도를 거의 다 썼습니다</translation>
    </message>
    <message>
        <source>Most of what may be bought for this month is used</source>
        <translation>이번 달의 매수 금액 한도를 거의 다 썼습니다</translation>
    </message>
    <message>
        <source>The daily loss limit is near</source>
        <translation>일일 손실 한도에 가까워졌습니다</translation>
    </message>
    <message>
        <source>The total loss limit is near</source>
        <translation>전체 손실 한도에 가까워졌습니다</translation>
    </message>
    <message>
        <source>The daily loss limit is reached; everything is sold</source>
        <translation>일일 손실 한도에 도달해 전부 매도합니다</translation>
    </message>
    <message>
        <source>The total loss limit is reached; everything is sold</source>
        <translation>전체 손실 한도에 도달해 전부 매도합니다</translation>
    </message>
    <message>
        <source>The loss limits cannot be watched; entries are off</source>
        <translation>손실 한도를 감시할 수 없어 진입이 꺼졌습니다</translation>
    </message>
    <message>
        <source>What is lost cannot be computed; entries wait</source>
        <translation>손실을 계산할 수 없어 진입이 대기합니다</translation>
    </message>
    <message>
        <source>The monthly loss limit is near</source>
        <translation>월 손실 한도에 가까워졌습니다</translation>
    </message>
    <message>
        <source>Nearly as many orders a minute as you allow</source>
        <translation>분당 주문 수 한도에 가까워졌습니다</translation>
    </message>
    <message>
        <source>Nearly as many positions as you allow</source>
        <translation>포지션 수 한도에 가까워졌습니다</translation>
    </message>
    <message>
        <source>A position is close to your size limit</source>
        <translation>포지션 하나가 크기 한도에 가까워졌습니다</translation>
    </message>
    <message>
        <source>A market is close to your limit for one market</source>
        <translation>한 마켓이 마켓별 한도에 가까워졌습니다</translation>
    </message>
    <message>
        <source>The exposure limit is near</source>
        <translation>총 노출 한도에 가까워졌습니다</translation>
    </message>
    <message>
        <source>dry run: not sent</source>
        <extracomment>The venue&apos;s own words for a no, and ours for a call that brought none (app/adapters/upbit/errors.py).</extracomment>
        <translation>드라이런: 보내지 않음</translation>
    </message>
    <message>
        <source>not enough money at the venue</source>
        <translation>거래소 계좌의 현금이 부족합니다</translation>
    </message>
    <message>
        <source>not enough units at the venue</source>
        <translation>거래소 계좌의 보유 수량이 부족합니다</translation>
    </message>
    <message>
        <source>smaller than the venue takes</source>
        <translation>거래소 최소 주문 금액보다 작습니다</translation>
    </message>
    <message>
        <source>larger than the venue takes</source>
        <translation>거래소 최대 주문 금액보다 큽니다</translation>
    </message>
    <message>
        <source>the venue does not take this price</source>
        <translation>거래소가 받지 않는 가격입니다</translation>
    </message>
    <message>
        <source>the market does not trade at the moment</source>
        <translation>지금 거래할 수 없는 마켓입니다</translation>
    </message>
    <message>
        <source>the venue does not know the market</source>
        <translation>거래소에 없는 마켓입니다</translation>
    </message>
    <message>
        <source>the venue took no more requests</source>
        <translation>거래소가 요청을 더 받지 않았습니다</translation>
    </message>
    <message>
        <source>no place in the rate limit came free in time</source>
        <translation>요청 한도에 제때 자리가 나지 않았습니다</translation>
    </message>
    <message>
        <source>the venue has shut this program out for a while</source>
        <translation>거래소가 이 프로그램의 접속을 잠시 막았습니다</translation>
    </message>
    <message>
        <source>the venue cannot be reached</source>
        <translation>거래소에 연결할 수 없습니다</translation>
    </message>
    <message>
        <source>the connection was lost</source>
        <translation>연결이 끊겼습니다</translation>
    </message>
    <message>
        <source>no answer in time</source>
        <translation>제때 응답이 없었습니다</translation>
    </message>
    <message>
        <source>it never arrived at the venue</source>
        <translation>거래소에 도착하지 않았습니다</translation>
    </message>
    <message>
        <source>the venue had an error</source>
        <translation>거래소에 오류가 있었습니다</translation>
    </message>
    <message>
        <source>the access key has expired</source>
        <translation>접속 키의 기한이 지났습니다</translation>
    </message>
    <message>
        <source>the access key is not valid</source>
        <translation>접속 키가 올바르지 않습니다</translation>
    </message>
    <message>
        <source>this computer&apos;s address is not allowed for the key</source>
        <translation>접속 키에 이 컴퓨터의 주소가 허용되어 있지 않습니다</translation>
    </message>
    <message>
        <source>the key does not allow this</source>
        <translation>접속 키의 권한으로는 할 수 없습니다</translation>
    </message>
    <message>
        <source>Trades today</source>
        <translation>오늘 거래 횟수</translation>
    </message>
    <message>
        <source>Trades this month</source>
        <translation>이번 달 거래 횟수</translation>
    </message>
    <message>
        <source>Bought today</source>
        <translation>오늘 매수 금액</translation>
    </message>
    <message>
        <source>Bought this month</source>
        <translation>이번 달 매수 금액</translation>
    </message>
    <message>
        <source>Loss today</source>
        <translation>오늘 손실</translation>
    </message>
    <message>
        <source>Loss in all</source>
        <translation>전체 손실</translation>
    </message>
    <message>
        <source>Loss this month</source>
        <translation>이번 달 손실</translation>
    </message>
    <message>
        <source>Orders in the last minute</source>
        <translation>최근 1분 주문 수</translation>
    </message>
    <message>
        <source>Positions</source>
        <translation>포지션</translation>
    </message>
    <message>
        <source>Largest position</source>
        <translation>가장 큰 포지션</translation>
    </message>
    <message>
        <source>Largest sum in one market</source>
        <translation>한 마켓의 최대 금액</translation>
    </message>
    <message>
        <source>Total exposure</source>
        <translation>총 노출</translation>
    </message>
    <message>
        <source>The key works and may not withdraw. It is valid until {day}.</source>
        <translation>키가 작동하며 출금할 수 없습니다. {day}까지 유효합니다.</translation>
    </message>
    <message>
        <source>No trading</source>
        <translation>거래 멈춤</translation>
    </message>
    <message>
        <source>ends in {left}</source>
        <translation>종료까지 {left}</translation>
    </message>
    <message>
        <source>begins in {left}</source>
        <translation>시작까지 {left}</translation>
    </message>
    <message>
        <source>It never arrived at the venue.</source>
        <translation>거래소에 도착하지 않았습니다.</translation>
    </message>
    <message>
        <source>Somebody tries to leave the halt</source>
        <translation>거래 정지 해제를 시도합니다</translation>
    </message>
    <message>
        <source>Wrong password of the kill switch</source>
        <translation>킬 스위치 비밀번호가 틀렸습니다</translation>
    </message>
    <message>
        <source>Right password, but books and venue do not agree</source>
        <translation>비밀번호는 맞지만 장부와 거래소가 일치하지 않습니다</translation>
    </message>
    <message>
        <source>The halt was left with the right password</source>
        <translation>올바른 비밀번호로 거래 정지를 해제했습니다</translation>
    </message>
    <message>
        <source>Somebody wants another password of the kill switch</source>
        <translation>킬 스위치 비밀번호 변경 시도</translation>
    </message>
    <message>
        <source>The password of the kill switch was changed</source>
        <translation>킬 스위치 비밀번호가 변경되었습니다</translation>
    </message>
    <message>
        <source>halted on the screen</source>
        <translation>화면에서 정지함</translation>
    </message>
    <message>
        <source>halted by gwanje-kill</source>
        <translation>gwanje-kill이 정지함</translation>
    </message>
    <message>
        <source>halted by gwanje-kill, all orders cancelled</source>
        <translation>gwanje-kill이 정지하고 모든 주문 취소</translation>
    </message>
    <message>
        <source>halted by gwanje-kill, everything sold</source>
        <translation>gwanje-kill이 정지하고 전부 매도</translation>
    </message>
    <message>
        <source>first start</source>
        <translation>첫 시작</translation>
    </message>
    <message>
        <source>unlocked by password</source>
        <translation>비밀번호로 해제함</translation>
    </message>
    <message>
        <source>the stop file is missing</source>
        <translation>정지 파일이 없음</translation>
    </message>
    <message>
        <source>the stop file cannot be read</source>
        <translation>정지 파일을 읽을 수 없음</translation>
    </message>
    <message>
        <source>the stop file was changed from outside</source>
        <translation>정지 파일이 외부에서 바뀜</translation>
    </message>
    <message>
        <source>the stop file was replaced</source>
        <translation>정지 파일이 바뀌치기됨</translation>
    </message>
    <message>
        <source>the stop file was put back</source>
        <translation>정지 파일이 이전 것으로 되돌려짐</translation>
    </message>
    <message>
        <source>the database was put back</source>
        <translation>데이터베이스가 이전 것으로 되돌려짐</translation>
    </message>
    <message>
        <source>database and stop file were put back</source>
        <translation>데이터베이스와 정지 파일이 이전 것으로 되돌려짐</translation>
    </message>
    <message>
        <source>the keyring was put back</source>
        <translation>키링이 이전 것으로 되돌려짐</translation>
    </message>
    <message>
        <source>the mark in the keyring was replaced</source>
        <translation>키링의 표식이 바뀌치기됨</translation>
    </message>
    <message>
        <source>the mark in the keyring is missing</source>
        <translation>키링의 표식이 없음</translation>
    </message>
    <message>
        <source>the keyring is locked or cannot be read</source>
        <translation>키링이 잠겼거나 읽을 수 없음</translation>
    </message>
    <message>
        <source>the keyring that was there is gone</source>
        <translation>있던 키링이 사라짐</translation>
    </message>
    <message>
        <source>the database was replaced</source>
        <translation>데이터베이스가 바뀌치기됨</translation>
    </message>
</context>
</TS>
