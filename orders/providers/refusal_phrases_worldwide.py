"""More phrases of refusals, in languages that few order providers use.

The names are those of `orders.providers.refusal_phrases`; both are read together.
"""

FAULTS = """
    neznám/interní/interná .. chyb | chyb .. server/systém | ismeretlen/belső .. hiba
    szerver .. hiba | szerverhiba | időtúllépés | okänt/internt .. fel! | serverfel
    ukendt/intern .. fejl | serverfejl | ukjent/intern .. feil | serverfeil | tidsavbrudd
    tuntematon/sisäinen .. virhe | palvelinvirhe | aikakatkais | onbekende/interne .. fout
    serverfout | eroare .. intern/necunoscut/server | неизвестна/вътрешна .. грешка
    грешка .. сървър | nepoznata/interna .. grešk | grešk .. server | непозната/интерна .. грешк
    грешк .. сервер | neznana/notranja .. napak | napak .. strežnik | gabim .. panjohur/brendshëm
    tundmatu/sisemine viga | serveri viga | nežinoma/vidinė klaida | serverio klaida
    nezināma/iekšēja kļūda | servera kļūda | άγνωστο/εσωτερικό .. σφάλμα
    σφάλμα .. διακομιστή/συστήματος | שגיאה לא ידועה | שגיאה פנימית | שגיאת/שגיאה .. שרת/השרת
    белгісіз/ішкі .. қате | сервер .. қате | белгисиз .. ката | хатои .. сервер/номаълум
    naməlum/daxili .. xəta | server xəta | nomalum/ichki .. xato | номаълум/ички .. хато
    server xato | სერვერის შეცდომა | უცნობი შეცდომა | անհայտ սխալ | սերվերի սխալ | অজানা ত্রুটি
    সার্ভার ত্রুটি | نامعلوم خرابی | سرور .. خرابی | ralat .. pelayan/dalaman/diketahui
    error del servidor | przekroczono .. czas | lỗi máy chủ | lỗi kết nối | lỗi mạng
    ข้อผิดพลาดของเซิร์ฟเวอร์ | ข้อผิดพลาดภายใน | ข้อผิดพลาดที่ไม่ | หมดเวลา | ไม่ทราบสาเหตุ | 系统出错
    连接错误 | 连接失败 | 連線失敗 | 系統異常 | 未知的错误 | システムエラー | 通信エラー
    시스템 오류 | 서버 에러 | 네트워크 오류 | 연결 오류
"""

UNDECIDED = """
    producido .. error | hubo .. error/problema | houve .. erro/problema | aconteceu .. erro
    erreur .. produite | produit .. error/erreur | gab .. problem/fehler | fehler .. passiert
    verificato .. errore/problema | stato .. errore | fout opgetreden | fout .. gegaan
    ging .. mis! | misgegaan | probleem opgetreden | wystąpił | došlo .. chyb | vyskytl
    nastala chyb | hiba .. történt | történt .. hiba | hiba .. lépett
    fel! .. uppsto/uppståt/inträffa | opstod .. fejl | fejl .. opstod/opstået/sket | gik galt
    gikk galt | gick fel | oppsto .. feil | feil .. oppsto/skjedd | tapahtui .. virhe
    virhe .. tapahtui | jokin .. pieleen | tekkis .. viga | įvyko .. klaida | radās .. kļūda
    notikusi kļūda | възникна .. грешка | грешка .. възникна | došlo .. grešk | дошло .. грешк
    dogodila .. grešk | догодила .. грешк | prišlo .. napak | ndodhi .. gabim
    παρουσιάστηκε/προέκυψε/συνέβη .. σφάλμα/πρόβλημα | κάτι .. στραβά | אירעה | קרתה | משהו השתבש
    nangyaring mali | қате .. орын/пайда/кетті | бірдеңе дұрыс | ката .. кетти/чыкты
    хатогӣ .. дод | xəta .. verdi/yarandı | xatolik .. yuz/berdi | хатолик .. юз/берди
    შეცდომა .. მოხდა/დაფიქსირდა | սխալ .. տեղի/առաջա | ত্রুটি .. ঘট/হয়েছে | خرابی .. پیدا/ہو
    hitilafu imetokea | ralat .. berlaku | apărut .. eroare | eroare .. apărut | xảy ra lỗi
    lỗi xảy ra | có lỗi | เกิดข้อผิดพลาด | เกิดปัญหา | エラーが発生 | 問題が発生 | エラー発生
    오류가 발생 | 문제가 발생 | 에러가 발생 | 오류 발생 | 发生错误 | 發生錯誤 | 出现错误
    出現錯誤 | 发生异常 | 出现问题 | خطایی .. رخ/پیش | خطا رخ | وقع/حصل خطأ | حدثت مشكلة
    त्रुटि .. हुई/हुआ | गड़बड़ी .. हुई | sorun .. oluştu | hata .. meydana | ลองใหม่ | ขัดข้อง
    teknisk fejl/feil/fel | technische fout | technická chyba | eroare tehnică
    τεχνικό πρόβλημα/σφάλμα | texnik xato/nosozlik
"""

FUNDS = """
    sredst | средстав | prostředk | prostriedk | egyenleg | lėšų | līdzekļ | bilanc | υπόλοιπο
    יתרה/יתרת/היתרה | אשראי | қаражат | каражат | маблағ | маблаг | ბალანს | თანხა | միջոցներ
    հաշվեկշիռ | இருப்பு | salio | baki! | sold! .. insuficient/suficient | fonduri
    fons! insuficient | kontoguthaben | restguthaben | đủ tiền | đủ tín | เงิน | 资金 | 資金
    金币不足 | 積分不足 | 积分不足 | 没钱 | 크레딧
"""

RATE = """
    příliš/príliš .. požadav/požiadav/pokus | túl .. kérés | för många .. förfråg/begär/försök
    for mange .. foresp/anmodning/forsøk/forsøg | liian .. pyynt
    te veel .. verzoek/aanvra/poging | prea multe .. cereri/solicit/încerc
    твърде много .. заявк/опит | previše .. zahtjev/zahtev/pokuš | превише .. захтев
    preveč .. zahtev | liiga palju .. päring | per daug .. užklaus | pārāk daudz .. pieprasīj
    πολλά .. αιτήματα | πολλές .. προσπάθειες | מדי בקשות | juda kop .. sorov | жуда кўп .. сўров
    тым көп .. сұран/сұрау | həddindən .. sorğu | çox .. sorğu
    terlalu banyak .. percobaan/permohonan | คำขอมาก | คำขอบ่อย | 请求太 | 请求次数 | 請求太
    次数过多 | 太快 | 太频 | リクエスト過多 | 너무 많은 요청 | 요청이 많
"""

MAINTENANCE = """
    údržb | karbantart | underhåll | vedligehold | vedlikehold | huoltokatko | huolto! | onderhoud
    mentenan | поддръжка | održavanj | одржавањ | vzdrževanj | mirëmbajt | hooldus | apkope
    techninė priežiūra | συντήρηση | תחזוקה | בתחזוקה | texnik ish/tanaffus | техник иш
    техникалық жұмыс | texniki iş | տեխնիկական աշխատանք | ტექნიკური სამუშა | ปรับปรุง | ซ่อมบำรุง
    konserwac | przerwa techniczn | penyelenggaraan | matengenezo | রক্ষণাবেক্ষণ | دیکھ بھال
"""

SETTINGS = """
    klíč | kľúč | kulcs | nyckel | nøgle | nøkkel | avain | ključ | кључ | cheie/cheia | κλειδί
    מפתח | chiave .. api!/valid/errat | api! chiave | sleutel | kaliti | kalit! | калит | кілт
    açarı .. yanlış/etibarsız/səhv | api! .. açar | çelësi | võti | raktas | atslēga | გასაღები
    բանալի | চাবি | api! 키 | 키가 .. 잘못/유효 | คีย์ | APIキー | api! キー | キーが無効
    キーが正しく
"""
