"""The phrases of refusals, in the languages that order providers use.

They are written as `orders.providers.phrases` reads them; `orders.providers.refusal_words` says
what follows from each group. An error in other words is a refusal, and its points go back.
"""

FAULTS = """
    proxy/ssl/tls/dns/socket/redis/mongo/origin/cache/storage/disk error | getaddrinfo | upstream
    query/job/task/transaction/worker .. fail/error/abort/cancel/rolled/crash/died
    remote/provider/supplier/panel/api! .. down! | time limit exceeded | request expired
    fail to connect | failed to connect
    соединение/подключение .. разорв/потер/прерв/закрыт/отклон | 连接被拒 | connection rejected
    поставщик .. не/ошибк | ошибк .. поставщик | broken pipe | hang up | econn | etimedout
    deadlock | lock wait | stack trace | stacktrace
    http/code/status/error 500!/501!/502!/503!/504!/520!/521!/522!/523!/524!/525!/526!/530!
    invalid/bad/empty/malformed/strange/unexpected/unreadable/no! response/reply | no! answer
    not/didnt answer/reply | long to respond | fetch failed | failed to fetch
    application/runtime/type/attribute/index/reference/syntax error | key error order
    undefined .. index/variable/offset/key/property/method/function | properties of undefined
    member function | null pointer | memory .. exhaust/size | out of memory | operation aborted
    no! order id | order .. id! .. missing/null/empty | check .. order history | check .. orders!
    status .. unknown | service/worker/process crash | something .. happen | unreachable
    not respond | no response | provider/supplier/upstream/remote .. error/fail
    verify/confirm .. order | сервер .. перегруж/недоступ/не | не отвечает | сервер .. не
    sunucu .. ulaş/yanıt | не відповідає | timeout | time out | timed out | execution time
    max retries | connection pool | httpsconnection | internal .. error/fault
    server .. error/exception | system .. error | network error | fatal | went wrong
    something .. wrong | unknown/unexpected/unhandled/undefined .. error/problem/issue
    unexpected | unhandled | unknown! reason/status/result | gateway | database | sql | mysql
    curl | connection .. refused/reset/fail/error/lost/closed/abort | json
    not/cannot/couldnt connect | traceback | expecting value | parse error | parsing error
    nonetype | index out of | no attribute | errno | unable to process/complete/determine/confirm
    not .. processed | внутренн/системн/неизвестн/непредвиден/непредвидён/сетев .. ошибк
    ошибк .. сервер/соединен | серверн .. ошибк | ошибк .. баз | пошло не так | время .. ожидани
    таймаут | тайм аут | сбой | время .. истекло | истекло время
    внутрішн/невідом/непередбач/системн .. помилк | збій | помилк .. сервер | пішло не так
    час очікування | час .. вичерпано | превышено .. ожидани | ошибк .. подключ/обработк/связи
    нет ответа | не удалось .. связаться/подключ/соедин | статус .. неизвест | превышено .. время
    помилк .. зєднан/підключ | zaman aşımı | sunucu hata | sistem hata
    bilinmeyen/beklenmeyen/beklenmedik/dahili .. hata | bir şeyler/şey .. ters/yanlış | iç hata
    bağlantı hata | tiempo .. agotado/espera/excedido | error/erro interno
    error/erro .. servidor/sistema | error/erro desconhecido/desconocido/inesperado
    algo .. mal/errado | tempo .. esgotado/excedido | waktu .. habis/tunggu
    kesalahan/error/eror .. server/sistem/internal/tak/tidak | ada yang salah | gangguan
    erreur .. interne/serveur/inconnue/inattendue | délai .. dépassé/expiré | quelque chose .. mal
    zeitüberschreitung | interner .. fehler | serverfehler | server fehler
    unbekannter/unerwarteter .. fehler | etwas .. schief | errore .. interno/server/sconosciuto
    errore imprevisto | tempo scaduto | qualcosa .. storto | błąd .. wewnętrzny/serwera
    nieznany/nieoczekiwany/wewnętrzny błąd | coś .. nie tak | lỗi hệ thống/máy | hết thời gian
    lỗi không xác | خطأ داخلي | خطا داخلی | خطأ .. الخادم/السيرفر/النظام/معروف/متوقع | حدث خطأ ما
    المهلة | انتهى الوقت | مهلة | خطای سرور/ناشناخته/داخلی | مشکلی پیش | 超时 | 超時 | 内部错误
    內部錯誤 | 服务器错误 | 服务器异常 | 伺服器錯誤 | 系统错误 | 系统异常 | 系統錯誤 | 未知错误
    未知錯誤 | 网络错误 | 出错了 | 异常 | タイムアウト | 内部エラー | サーバーエラー
    不明なエラー | 予期しない | 시간 초과 | 내부 오류 | 서버 오류 | 알 수 없는 | आंतरिक त्रुटि
    सर्वर त्रुटि | सर्वर एरर | अज्ञात त्रुटि | कुछ गलत | समय समाप्त | टाइमआउट
    kuch .. galat/gadbad | server .. down/issue/problem | array offset/key | duplicate entry
    нет .. связи/соединения | server antwortet | 时间切れ | 時間切れ
"""
"""A fault on the provider's side: nobody can say how far it got."""

TEMPORARY = """
    temporar | momentarily | временн | тимчасов | geçici | sementara | vorübergehend | zwilowo
    chwilowo | مؤقت | موقت | 暂时 | 暫時 | 一時的 | 일시적 | tạm thời | अस्थायी
    service! unavailable | server .. unavailable/busy/overload | busy | overload
"""

UNDECIDED = """
    oops | whoops | crash | panic | bug! | critical/general/generic .. error/failure
    error/problem/issue .. happen | error/problem/issue while | encountered
    there was/is .. problem | there was/is an/some error | problem/issue .. occur | occurred
    not sure | delayed | queue | in progress | awaiting | cannot/cant/couldnt/unable .. process
    could not process | not .. completed/finished | критическ/общая .. ошибка | ошибка выполнения
    исключение | в очереди | невозможно обработ | не удалось обработ
    error/erro/errore/erreur .. procesa/processa/traitement/elaborazione/lelaborazione
    fehler .. verarbeitung | gagal .. proses/memproses | lỗi .. xử lý | المعالجة | 处理失败
    处理出错 | 處理失敗 | 處理錯誤 | unknown | wait | few minutes | in .. minutes | неизвестн
    невідом | подождите | зачекайте | bilinmeyen | bekleyin | desconocid/desconhecid | espere
    aguarde | tunggu | attendez | inconnu | unbekannt | warten | again! | later | retry | contact
    pending | processing | in process | being processed | error .. occur | exception
    unavailable .. moment/now | maybe | possibly | may have | позже | позднее | снова | ещё раз
    повтор | поддержк | администратор | обрабатыва | в обработке | ожида | произошла ошибка
    возникла ошибка | случилась ошибка | ошибка .. произошла/возникла | сломалось | упс
    свяжитесь | обратитесь | пізніше | спробуйте | знову | підтримк | в обробці | очіку
    сталася помилка | виникла помилка | tekrar | daha sonra | beklemede | işleniyor | hata oluştu
    iletişim | más tarde | de nuevo | nuevamente | inténtelo | inténtalo | soporte | pendiente
    procesando | en proceso | ocurrió | se produjo | ha ocurrido | contacte | contacta
    mais tarde | novamente | suporte | pendente | processando | em processamento | ocorreu
    contate | lagi | nanti | hubungi | tertunda | menunggu | diproses | terjadi kesalahan
    réessay | plus tard | en attente | survenue | contactez | später | erneut | ausstehend
    aufgetreten | kontaktieren | riprova | più tardi | in attesa | assistenza | ponownie | później
    oczekuj | wsparci | skontaktuj | thử lại | ít phút | đang xử | chờ xử | liên hệ | حاول | لاحقا
    مرة أخرى | الدعم | قيد الانتظار/المعالجة | معلق | حدث خطأ | تواصل | بعدا | دوباره | در انتظار
    در حال پردازش | 稍后 | 稍後 | 重试 | 重試 | 再试 | 再試 | 客服 | 处理中 | 處理中 | 等待 | 繁忙
    後で | 再試行 | 処理中 | 保留 | お問い合わせ | 나중에 | 다시 | 대기 | 처리 중 | 문의 | बाद में
    पुनः | फिर से | सहायता | लंबित | संपर्क | dobara | baad me/mein | phir se | fir se
    our/to/with/the support! | support! team/ticket/chat/staff | destek! | desteğ | با پشتیبانی
    technical .. error/problem/issue/difficult/fault | техническ .. ошибк/проблем/неполадк/сбо
    технічн .. помилк/проблем/збо | api!/service!/backend/db!/system error/failure | try .. after
    error técnico | erro técnico | problema técnico | technischer fehler | technisches problem
    technische störung | erreur technique | problème technique | errore tecnico
    teknik hata/sorun/arıza | błąd techniczny | kesalahan teknis | lỗi kỹ thuật | 技术故障
    系统故障 | 故障 | 障害 | 장애가 | 장애 발생 | خطأ فني/تقني | خطای فنی | तकनीकी | もう一度
    ошибка бд
"""
"""Words that a clear reason beside them outweighs, but no vague one."""

FUNDS = """
    fund!/funds! | unpaid | invoice | in debt | balance | credit!/credits! | wallet | money
    top up | topup | recharge | payment | enough .. cash | deposit | баланс | кредит
    para! yetersiz | средств | денег | деньг | пополн | кошел | коштів | кошти | грошей | поповн
    bakiye | kredi | saldo | fondos | fundos | crédito | crediti | fondi | solde! | fonds!
    guthaben | kontostand | środk | balans | mablag | số dư | nạp tiền | رصيد | الرصيد | رصيدك
    موجودی | اعتبار | شحن | 余额 | 餘額 | 欠费 | 充值 | 儲值 | 残高 | 잔액 | 잔고 | ยอดเงิน | เครดิต
    बैलेंस | शेष राशि | ব্যালেন্স | بیلنس | paisa | paise | enough .. coins/points/cash | रिचार्ज
    doładuj | チャージ | 충전 | شارژ
"""

RATE = """
    wait .. min!/mins!/sec!/secs! | too many .. request/attempt/call/connection/quer | rate limit
    ratelimit | request .. limit | limit .. request | requests per | api! limit | slow down
    throttl | too fast | too frequent | too often | flood | wait .. second/minute
    again in .. second/minute/hour | calls per | превышено .. запрос | много .. запрос
    лимит .. запрос | часто | част .. запрос/обращен | подождите .. секунд/минут
    багато/забагато .. запит | ліміт .. запит | çok fazla .. istek/deneme/talep
    istek .. sınır/limit | çok sık | çok hızlı | demasiad .. solicitud/peticion/intento
    límite .. solicitud/peticion | muitas .. solicitaç/requisiç/tentativas
    limite .. requisiç/solicitaç | terlalu banyak .. permintaan/request | terlalu cepat/sering
    trop .. requête/demande | zu viele .. anfrage | troppe .. richieste
    zbyt wiele .. żąda/zapyta | quá nhiều .. yêu | طلبات كثيرة | الكثير من الطلبات
    كبير من الطلبات | 频繁 | 頻繁 | 请求过多 | 請求過多 | 限流 | リクエストが多 | 요청이 너무
    बहुत अधिक अनुरोध | zu viele .. versuche | trop .. tentatives | troppi tentativi
"""

MAINTENANCE = """
    updat/upgrad .. system/server/panel/site | maintenance | maintain | under construction
    technical/tech work | system/server/panel/site .. updat/upgrad | техническ .. работ | техработ
    обслуживан | техобслуж | ведутся/проводятся/идут .. работы | профилакт | технічн .. робот
    обслуговуван | bakım | mantenimiento | manutenç | pemeliharaan | perawatan | wartung
    manutenzione | konserwacj | bảo trì | صيانة | الصيانة | تعمیر | 维护 | 維護 | 维修 | 升级中
    メンテナンス | 점검 | रखरखाव | website .. updat/upgrad | реконструкц
"""

SETTINGS = """
    api! .. disabl/inactiv/deactiv/block/suspend/expire/off!/key/access/denied/token | api! not
    signature/hash! .. mismatch | invalid/incorrect/wrong hash! | api! is not | api! does not
    api! limit | disabl/inactiv/invalid/incorrect/wrong/bad/unknown/missing/no! .. api!/apikey
    invalid/incorrect/wrong/bad .. key!/token!/signature/credential
    missing/unknown/no!/expired/provide .. key!/token!/signature/credential
    key!/apikey/token!/signature .. invalid/incorrect/wrong/miss/expire
    key!/apikey/token!/signature .. not/disabl/inactiv/revok/requir | unauthori | unauthenticat
    authenticat | not .. authori | authorization | whitelist | ip! .. allow/block/bann/den/not
    action! .. invalid | invalid action | method not allowed | missing required param
    required param | ключ! | ключа! | ключу! | ключом! | авториз | токен | ip! не! | белом списке
    api! .. отключ/выключ/недоступ/неактив | api! не | отключ .. api! | доступ .. api! | anahtar
    clave .. api! | clave inválid/incorrect | api! .. inválid/desactiv/desativ | no/não autorizado
    sin autorización | chave | kunci .. api!/salah/tidak | api! .. salah/tidak/nonaktif | clé!
    non autorisé | schlüssel | nicht autorisiert | klucz | khóa api | مفتاح | المفتاح | مصرح
    غير مخول | کلید | 密钥 | 秘钥 | 密鑰 | 未授权 | 未授權 | 签名 | 令牌 | APIキー | 認証 | 인증
    कुंजी | unknown ip!
"""
ACCESS = """
    your! access | access .. revoked | account .. verif
    you are/were banned/blocked/suspended/restricted
    you have been banned/blocked/suspended/restricted | forbidden | permission | access! denied
    access! is denied | login | log in! | sign in! | your! account/plan/subscription/user
    user! .. not/doesnt/disabl/block/bann/inactiv/suspend/invalid/incorrect/wrong/unknown
    invalid/incorrect/wrong/unknown/no!/inactiv .. user!
    account .. suspend/disabl/block/inactiv/limited | доступ запрещ/закрыт | ваш аккаунт/акаунт
    вашего аккаунта | учётн | прав! доступа | недостаточно прав | пользовател .. не
    доступ заборон | обліков | недостатньо прав | користувач .. не | yetki | hesabınız
    erişim engel/reddedil | kullanıcı .. bulunamadı/yok/geçersiz | permiso | permissão
    tu/su/sua cuenta/conta | acceso/acesso denegado/negado | usuario/usuário .. no/não/inválido
    akun anda | akses ditolak | pengguna/user! .. tidak | votre compte | accès refusé
    utilisateur .. introuvable/inconnu | nicht berechtigt | zugriff verweigert | ihr konto
    benutzer .. nicht | brak dostępu | حسابك | المستخدم .. غير | 权限 | 權限 | 账号 | 賬號 | 帳號
    用户不存在 | 用戶不存在 | 権限 | 권한 | अनुमति | аккаунт .. не актив | tài khoản của bạn
    您的账户 | 账户已被
"""
"""Our account and its rights, unless the words speak of the video and its owner."""
QUOTA = """
    quota | daily/hourly/monthly .. limit | limit .. day/hour/month | too many orders
    лимит .. заказ | ліміт .. замовлен
"""
"""How much we may order, with the same exception."""
OF_THE_VIDEO = """
    link | url | video | post!/posts! | reel | short! | shorts! | channel | page! | username
    nickname | profile | media! | tiktok | instagram | youtube | tik tok | you tube | facebook
    twitter | telegram | vk | private | ссылк | видео | профил | канал | пост! | приватн | посилан
    відео | bağlantı | enlace | vídeo | tautan | lien! | رابط | فيديو | 链接 | 视频 | लिंक
"""

EARLIER_ORDER = """
    active/pending/running/existing/previous/current/another/open! .. order .. link/url/video/page
    order .. already | already .. order/active/exist/running/progress/added/placed/processing
    link/url/video .. already/progress/processing | link/url/video .. being processed/executed
    already .. link/url/video | уже .. обработ/работ/очеред/запущ | already have | duplicate
    same link | active order | wait until .. order/complet/finish
    активн/незавершенн/незавершённ .. заказ | уже .. заказ/выполня/существует/добавл/есть | дубл
    дождитесь | активн .. замовлен | вже .. замовлен/існує/є! | aktif .. sipariş
    zaten .. sipariş/var | devam eden | pedido/orden .. activ/activo/ativo/curso/andamento/proceso
    ya existe | ya tiene | já existe | já tem | pesanan .. aktif/berjalan/sama | masih ada
    sudah ada | commande .. cours | déjà | bereits | già | już | طلب نشط | بالفعل | 进行中
    已存在 | 重复 | 已有 | पहले से | previous/earlier/last order
"""
LIMIT_OF_VIDEO = """
    per link/video/url/post! | link/video .. limit/quota | limit/quota .. link/video
    лимит .. ссылк/видео | на одну ссылку | ліміт .. посилан
"""
SERVICE = """
    service! id! | service! .. not/doesnt/invalid/incorrect/wrong/disabl/discontinu/inactiv/remov
    invalid/incorrect/wrong/unknown/bad .. service! | incorrect service | услуг
    сервис .. не/отключ | послуг | сервіс .. не | servis .. bulunamadı/geçersiz/pasif/kapalı
    servicio .. no/inválido | serviço .. não/inválido | layanan .. tidak | service .. introuvable
    الخدمة | 服务不存在 | 无效的服务
"""
QUANTITY = """
    quantity | quantities | min!/max!/minimum/minimal/maximum/maximal
    amount .. less/great/exceed | number of views | количеств
    минимальн/максимальн/минимум/максимум | кількіст | мінім | максим | miktar | adet | en az
    en fazla | cantidad | quantidade | mínim/máxim | jumlah | maksimal | quantité | menge | anzahl
    mindest | quantità | ilość | số lượng | tối thiểu/đa | الكمية | الحد الأدنى/الأقصى | 数量
    數量 | 最小 | 最大 | 最低 | 最少 | 最多 | 数が | 수량 | मात्रा
"""
BAD_LINK = """
    invalid/incorrect/wrong/bad/broken/unsupported/unknown .. link/url/video/post!
    link/url/video/post!/account/profile .. invalid/incorrect/wrong/bad
    link/url/video/post!/account/profile .. private/delet/remov/unsupported
    link/url/video/post!/account/profile .. not/doesnt/cannot | not .. found | private
    error link | check .. link/url | неверн/некорректн/неправильн/недопустим/битая .. ссылк/url
    ссылк .. неверн/некорректн/неправильн/не | невірн/некоректн/неправильн .. посилан
    geçersiz/hatalı/yanlış .. bağlantı/link | enlace/link .. inválid/incorrect
    tautan/link .. salah/tidak | رابط .. صحيح/صالح/خاطئ | 链接无效 | 链接错误 | 无效的链接
    无效链接 | 链接不正确 | リンクが無効 | गलत लिंक | अमान्य लिंक
"""
LINK = """
    link!/links! | url | video | ссылк | видео | посилан | відео | bağlantı | enlace | vídeo
    tautan | lien! | رابط | الرابط | فيديو | 链接 | 鏈接 | 連結 | 视频 | リンク | 링크 | लिंक
    वीडियो
"""
PLAIN_NO = """
    validation | rejected | declined | not accepted/supported/allowed | unsupported | must be
    is required | отклон | отказан | відхилен | відмовлен | reddedil | desteklenm | rechazad
    rejeitad | recusad | refusée! | abgelehnt | rifiutat | odrzucon | ditolak | từ chối | مرفوض
    رفض | अस्वीकार | 拒绝 | 拒絕 | 拒否 | 거부 | رد شد
"""
"""A no without a reason, which outweighs vague words beside it: `rejected, contact support`."""
