"""Furniture for the pages: menus, teasers, comments, scripts, in the language of the page."""
import html
import random

WORDS = {
    "en": dict(read="Read also", more="More stories", rel="Related articles", com="Comments", leave="Leave a Reply",
               mail="Your email address will not be published. Required fields are marked *", news="Newsletter",
               sign="Sign up for our morning briefing and get the day's stories in your inbox.", tags="Tags",
               ad="Advertisement", share="Share this article", follow="Follow us on social media",
               cookie="We use cookies and similar technologies to improve your experience. By continuing you accept our use of cookies.",
               rights="All rights reserved", menu=["Home", "World", "Politics", "Business", "Sport", "Culture", "Opinion", "Weather"],
               bio="{} covers the region and has reported from eleven countries.", min="4 min read", by="By"),
    "es": dict(read="Lea también", more="Más noticias", rel="Noticias relacionadas", com="Comentarios", leave="Deja un comentario",
               mail="Tu dirección de correo electrónico no será publicada.", news="Boletín",
               sign="Suscríbete y recibe cada mañana las noticias más importantes en tu correo.", tags="Etiquetas",
               ad="Publicidad", share="Compartir", follow="Síguenos en redes sociales",
               cookie="Utilizamos cookies propias y de terceros para mejorar nuestros servicios. Si continúa navegando, acepta su uso.",
               rights="Todos los derechos reservados", menu=["Inicio", "España", "Mundo", "Economía", "Deportes", "Cultura"],
               bio="{} es redactora de la sección de Nacional desde 2012.", min="3 min de lectura", by="Por"),
    "fr": dict(read="Lire aussi", more="À la une", rel="Sur le même sujet", com="Commentaires", leave="Laisser un commentaire",
               mail="Votre adresse e-mail ne sera pas publiée.", news="Lettre d'information",
               sign="Recevez chaque matin l'essentiel de l'actualité dans votre boîte mail.", tags="Mots-clés",
               ad="Publicité", share="Partager", follow="Suivez-nous",
               cookie="Nous utilisons des cookies pour améliorer votre expérience. Vous pouvez accepter ou refuser leur dépôt.",
               rights="Tous droits réservés", menu=["Accueil", "International", "Politique", "Économie", "Sport", "Culture"],
               bio="{} est journaliste au service société.", min="Temps de lecture : 3 min", by="Par"),
    "de": dict(read="Lesen Sie auch", more="Mehr zum Thema", rel="Das könnte Sie auch interessieren", com="Kommentare", leave="Schreibe einen Kommentar",
               mail="Deine E-Mail-Adresse wird nicht veröffentlicht.", news="Newsletter",
               sign="Bestellen Sie unseren Newsletter und erhalten Sie jeden Morgen die wichtigsten Nachrichten.", tags="Schlagwörter",
               ad="Anzeige", share="Artikel teilen", follow="Folgen Sie uns",
               cookie="Wir verwenden Cookies und ähnliche Technologien. Mit Klick auf Zustimmen willigen Sie in die Verarbeitung ein.",
               rights="Alle Rechte vorbehalten", menu=["Startseite", "Politik", "Wirtschaft", "Panorama", "Sport", "Kultur"],
               bio="{} schreibt seit 2015 über Wirtschaft im Norden.", min="Lesezeit 3 Min.", by="Von"),
    "ru": dict(read="Читайте также", more="Ещё по теме", rel="Похожие новости", com="Комментарии", leave="Оставить комментарий",
               mail="Ваш адрес email не будет опубликован.", news="Рассылка",
               sign="Подпишитесь на нашу рассылку и получайте главные новости каждое утро.", tags="Теги",
               ad="Реклама", share="Поделиться", follow="Подписывайтесь на наш канал в Telegram",
               cookie="Мы используем файлы cookie, чтобы сделать сайт удобнее. Продолжая пользоваться сайтом, вы соглашаетесь с этим.",
               rights="Все права защищены", menu=["Главная", "Политика", "Экономика", "Общество", "Спорт", "Культура"],
               bio="{} — корреспондент отдела регионов.", min="3 мин.", by="Автор:"),
    "ar": dict(read="اقرأ أيضا", more="المزيد من الأخبار", rel="مواضيع ذات صلة", com="التعليقات", leave="اترك تعليقا",
               mail="لن يتم نشر عنوان بريدك الإلكتروني.", news="النشرة البريدية",
               sign="اشترك في نشرتنا البريدية لتصلك أهم الأخبار كل صباح.", tags="كلمات مفتاحية",
               ad="إعلان", share="شارك", follow="تابعنا على مواقع التواصل",
               cookie="نستخدم ملفات تعريف الارتباط لتحسين تجربتك. بمتابعة التصفح فإنك توافق على استخدامها.",
               rights="جميع الحقوق محفوظة", menu=["الرئيسية", "العالم", "سياسة", "اقتصاد", "رياضة", "ثقافة"],
               bio="{} صحفية تغطي الشؤون الإقليمية.", min="3 دقائق", by="بقلم"),
    "fa": dict(read="بیشتر بخوانید", more="آخرین اخبار", rel="مطالب مرتبط", com="نظرات", leave="ارسال نظر",
               mail="نشانی ایمیل شما منتشر نخواهد شد.", news="خبرنامه",
               sign="برای دریافت مهم‌ترین خبرها در خبرنامه ما عضو شوید.", tags="برچسب‌ها",
               ad="تبلیغات", share="اشتراک‌گذاری", follow="ما را دنبال کنید",
               cookie="این وبگاه برای بهبود تجربه شما از کوکی استفاده می‌کند.",
               rights="تمامی حقوق محفوظ است", menu=["خانه", "سیاسی", "اقتصادی", "اجتماعی", "ورزشی", "فرهنگی"],
               bio="{} خبرنگار حوزه محیط زیست است.", min="۳ دقیقه", by="نویسنده:"),
    "zh": dict(read="延伸阅读", more="更多新闻", rel="相关新闻", com="网友评论", leave="发表评论",
               mail="电子邮箱地址不会被公开。", news="电子报",
               sign="订阅我们的电子报，每天早上接收重要新闻。", tags="标签",
               ad="广告", share="分享到", follow="扫描二维码关注我们",
               cookie="本网站使用Cookie以改善您的体验，继续浏览即表示您同意。",
               rights="版权所有", menu=["首页", "国际", "国内", "财经", "体育", "文化"],
               bio="{}，本报国际部记者。", min="阅读约3分钟", by="作者："),
    "pt": dict(read="Leia também", more="Mais notícias", rel="Veja também", com="Comentários", leave="Deixe um comentário",
               mail="O seu endereço de e-mail não será publicado.", news="Newsletter",
               sign="Assine nossa newsletter e receba as principais notícias do dia.", tags="Assuntos",
               ad="Publicidade", share="Compartilhe", follow="Siga nossas redes",
               cookie="Utilizamos cookies para melhorar a sua experiência. Ao continuar, você concorda.",
               rights="Todos os direitos reservados", menu=["Início", "Política", "Economia", "Mundo", "Esporte"],
               bio="{} é repórter de Cidades.", min="3 min", by="Por"),
    "it": dict(read="Leggi anche", more="Altre notizie", rel="Articoli correlati", com="Commenti", leave="Lascia un commento",
               mail="Il tuo indirizzo email non sarà pubblicato.", news="Newsletter",
               sign="Iscriviti alla newsletter e ricevi ogni mattina le notizie più importanti.", tags="Tag",
               ad="Pubblicità", share="Condividi", follow="Seguici",
               cookie="Questo sito utilizza cookie per migliorare la navigazione.",
               rights="Tutti i diritti riservati", menu=["Home", "Cronaca", "Politica", "Economia", "Sport"],
               bio="{} è giornalista dal 2008.", min="2 minuti di lettura", by="di"),
    "tr": dict(read="Bunlar da ilginizi çekebilir", more="Diğer haberler", rel="İlgili haberler", com="Yorumlar", leave="Yorum yap",
               mail="E-posta adresiniz yayınlanmayacak.", news="Bülten",
               sign="Günün önemli haberleri için bültenimize abone olun.", tags="Etiketler",
               ad="Reklam", share="Paylaş", follow="Bizi takip edin",
               cookie="Bu sitede çerezler kullanılmaktadır.",
               rights="Tüm hakları saklıdır", menu=["Ana sayfa", "Gündem", "Dünya", "Ekonomi", "Spor"],
               bio="{} muhabir.", min="2 dk", by="Haber:"),
    "uk": dict(read="Читайте також", more="Більше новин", rel="Схожі матеріали", com="Коментарі", leave="Залишити коментар",
               mail="Ваша електронна адреса не буде опублікована.", news="Розсилка",
               sign="Підпишіться на розсилку головних новин.", tags="Теги",
               ad="Реклама", share="Поширити", follow="Стежте за нами",
               cookie="Ми використовуємо файли cookie.",
               rights="Усі права захищено", menu=["Головна", "Політика", "Економіка", "Суспільство", "Спорт"],
               bio="{} — кореспондентка.", min="2 хв", by="Автор:"),
    "ja": dict(read="あわせて読みたい", more="ほかのニュース", rel="関連記事", com="コメント", leave="コメントを書く",
               mail="メールアドレスが公開されることはありません。", news="メールマガジン",
               sign="毎朝のニュースをメールでお届けします。", tags="タグ",
               ad="広告", share="シェアする", follow="フォローする",
               cookie="当サイトではクッキーを使用しています。",
               rights="無断転載を禁じます", menu=["ホーム", "国際", "政治", "経済", "スポーツ"],
               bio="{}　地域報道部。", min="3分", by="文："),
}

HEADS = {
    "en": ["Ferry operator fined after winter delays", "Why the price of onions keeps rising", "Central bank holds rates for a fifth month",
           "Storm cuts power to 40,000 homes on the east coast", "Parliament debates limits on campaign spending",
           "A museum gives back its most famous mask", "Police widen search for missing hikers", "Three ways to read the new trade figures",
           "Teachers reject second pay offer", "In pictures: the floods in the lower valley", "What we know about the bank merger",
           "Coach resigns days before the cup final", "New telescope sends its first images", "Court blocks plan for waste plant"],
    "es": ["La inflación cae al 3,1 % en octubre", "Un tribunal anula la concesión del puerto", "Los maestros convocan huelga para el lunes", "El tiempo: lluvias en el norte", "La vuelta ciclista llega a Obén"],
    "fr": ["Les prix de l'énergie repartent à la hausse", "Un train de nuit pour la côte", "Le musée restitue un masque", "Météo : orages dans l'est", "Le budget adopté sans vote"],
    "de": ["Notenbank lässt Zinsen unverändert", "Bahnstrecke nach Sturm gesperrt", "Lehrer lehnen Angebot ab", "So wird das Wetter am Wochenende", "Museum gibt Maske zurück"],
    "ru": ["Центробанк сохранил ставку", "В регионе объявили штормовое предупреждение", "Учителя вышли на митинг", "Хоккеисты проиграли в финале", "Музей открыл новую выставку"],
    "ar": ["البنك المركزي يبقي على سعر الفائدة", "عاصفة تقطع الكهرباء عن آلاف المنازل", "المحكمة تؤجل النظر في القضية", "ارتفاع أسعار البصل للشهر الثالث", "المنتخب يستعد للمباراة النهائية"],
    "fa": ["بانک مرکزی نرخ سود را ثابت نگه داشت", "توفان در شرق کشور", "دیدار وزیران در پایتخت", "قیمت پیاز باز هم بالا رفت", "تیم ملی به فینال رسید"],
    "zh": ["央行维持利率不变", "东部沿海遭遇暴风雨", "教师工会拒绝新方案", "博物馆归还面具", "国家队晋级决赛"],
    "pt": ["Banco central mantém juros", "Chuva derruba árvores no centro", "Professores rejeitam proposta", "Museu devolve máscara", "Seleção vai à final"],
    "it": ["La banca centrale lascia fermi i tassi", "Temporali sulla costa", "Sciopero degli insegnanti", "Il museo restituisce la maschera", "La squadra in finale"],
    "tr": ["Merkez bankası faizi sabit tuttu", "Fırtına doğuyu vurdu", "Öğretmenler teklifi reddetti", "Müze maskeyi iade etti", "Takım finale çıktı"],
    "uk": ["Центробанк зберіг ставку", "На сході буревій", "Вчителі вийшли на мітинг", "Музей повернув маску", "Команда у фіналі"],
    "ja": ["中央銀行が金利を据え置き", "東部で暴風雨", "教員組合が提案を拒否", "美術館が仮面を返還", "代表が決勝へ"],
}
SUMS = {
    "en": ["The company said it would appeal against the ruling, which comes after months of complaints from passengers.",
           "Growers blame the weather, traders blame the growers, and shoppers pay.",
           "Officials expect the debate to run until the end of the month before a first vote is held."],
    "es": ["La empresa anunció que recurrirá la decisión, que llega tras meses de quejas de los usuarios.", "El dato adelantado confirma la tendencia de los últimos meses."],
    "fr": ["L'entreprise a annoncé qu'elle ferait appel de la décision, après des mois de plaintes.", "Une tendance confirmée par les derniers chiffres."],
    "de": ["Das Unternehmen kündigte an, gegen die Entscheidung vorzugehen.", "Die Zahlen bestätigen den Trend der vergangenen Monate."],
    "ru": ["Компания заявила, что обжалует решение суда в вышестоящей инстанции.", "Данные подтверждают тенденцию последних месяцев."],
    "ar": ["قالت الشركة إنها ستستأنف الحكم الذي جاء بعد أشهر من الشكاوى.", "وتؤكد الأرقام اتجاه الأشهر الماضية."],
    "fa": ["این شرکت گفت به رأی دادگاه اعتراض خواهد کرد.", "آمار تازه روند ماه‌های گذشته را تأیید می‌کند."],
    "zh": ["该公司表示将对裁决提出上诉，此前乘客已投诉数月。", "最新数据印证了近几个月的趋势。"],
}
COMMENTS = {
    "en": [("oldsalt77", "About time too. My brother works there and says the food in the canteen is still awful."),
           ("Greta M.", "I do not believe a word of this. Where are the figures for the last three years, and who checked them?"),
           ("anon", "First!"), ("PeterPan", "Nice article, thanks for sharing. Very helpful information, keep up the good work."),
           ("K. Osei", "The author forgets that the same thing was tried in 2009 and failed, as everybody in the town remembers quite well."),
           ("lin_da", "@oldsalt77 speak for yourself, I like the canteen.")],
    "ru": [("Иван", "Наконец-то! Сколько лет обещали, а сделали только сейчас, и то не до конца."), ("Светлана", "Кто за это заплатил, хотелось бы знать.")],
    "ar": [("أبو خالد", "خبر جيد، لكننا سمعنا مثل هذه الوعود من قبل ولم يتغير شيء."), ("منى", "نتمنى أن ينفذ القرار هذه المرة.")],
    "de": [("Hein B.", "Das war doch seit Jahren abzusehen, aber auf die Leute im Betrieb hört ja keiner."), ("Uschi", "Sehr traurig für die Familien.")],
    "es": [("Paco", "Ya era hora, pero me temo que todo quedará en papel mojado como siempre."), ("Maite", "¿Y quién controla los contadores?")],
}

def e(text):
    return html.escape(text, quote=False)

def w(a):
    return WORDS[a["lang"]]

def heads(a, rng, n):
    pool = HEADS[a["lang"]]
    return [pool[(rng.randrange(len(pool)) + i) % len(pool)] for i in range(n)]

def summary(a, rng):
    return rng.choice(SUMS.get(a["lang"], SUMS["en"]) if a["lang"] in SUMS else [""])

def comments(a):
    return COMMENTS.get(a["lang"], COMMENTS["en"] if a["lang"] == "en" else [])

def slug(text):
    return "-".join("".join(c if c.isalnum() and c.isascii() else " " for c in text.lower()).split()[:7]) or "article"

def bulk(rng, kb=6):
    """Inline style and script as pages carry them: rules and calls with made-up names."""
    names = ["header", "nav", "card", "teaser", "btn", "grid", "col", "hero", "lede", "modal", "promo", "media", "share", "tag"]
    css = []
    while sum(map(len, css)) < kb * 500:
        n = rng.choice(names)
        css.append(f".{n}-{rng.randrange(99)}__{rng.choice(names)}{{display:flex;margin:0 {rng.randrange(40)}px;color:#{rng.randrange(4096):03x};padding:{rng.randrange(30)}px}}")
    js = []
    while sum(map(len, js)) < kb * 500:
        js.append(f"window.dataLayer=window.dataLayer||[];dataLayer.push({{event:'{rng.choice(names)}',id:{rng.randrange(10**6)},html:'<div class=\"{rng.choice(names)}\"><p>Loading the player, please wait.<\\/p></div>'}});")
    return f"<style>{''.join(css)}</style>\n<script>{''.join(js)}</script>"

def svg(rng, n=4):
    return "<svg style=\"display:none\" aria-hidden=\"true\">" + "".join(
        f'<symbol id="i{i}" viewBox="0 0 24 24"><title>icon {i}</title><path d="M{rng.randrange(24)} {rng.randrange(24)}h{rng.randrange(9)}v{rng.randrange(9)}z"/></symbol>' for i in range(n)) + "</svg>"
