// The same trajectories as a C++ programmer would write them by hand: structure of arrays, the widest vectors of the processor, classical Runge-Kutta
// with a fixed step of 0.25 s or -DSTEP=..., polynomials for density, speed of sound and gravity, a table of cubics over Mach, cubic Hermite to the ground. The
// model's constants come from the bench, so that both fly the same model. Compiled by the bench with g++ -O3 -march=native.
//
// usage: baseline INPUT OUTPUT PASSES      prints impacts per second of processor time: the best pass and the median
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <immintrin.h>
#include <vector>

#if defined(__AVX512F__)
constexpr int W = 8;
const char *const Name = "AVX-512";
#else
constexpr int W = 4;
const char *const Name = "AVX2";
#endif
typedef double V __attribute__((vector_size(W * 8)));
typedef long long I __attribute__((vector_size(W * 8)));

// Vectors whose stages are computed together, so that one's roots and divisions overlap another's.
constexpr int G = 4;
#ifndef STEP
#define STEP 0.25
#endif
constexpr double Dt = STEP;
constexpr int Row = 7;

struct Model {
    double originHeight, bendEast, bendNorth, shrink, centreNorth, centreUp, inverseRadius2, pull, restNorth, restUp, eastEast, northNorth, northUp, upUp, sin,
        cos, ground, airCentre, airInverseHalf, density[7], sound[6];
};
static Model m;
static std::vector<double> drag;    // rows: lower and upper Mach number, start, four terms

static inline V sqrtv(V x) {
#if defined(__AVX512F__)
    return (V)_mm512_sqrt_pd((__m512d)x);
#elif defined(__AVX2__)
    return (V)_mm256_sqrt_pd((__m256d)x);
#else
    for (int i = 0; i < W; i++) x[i] = std::sqrt(x[i]);
    return x;
#endif
}

static inline bool any(I mask) {
#if defined(__AVX512F__)
    return _mm512_cmplt_epi64_mask((__m512i)mask, _mm512_setzero_si512()) != 0;
#elif defined(__AVX2__)
    return _mm256_movemask_pd((__m256d)mask) != 0;
#else
    bool r = false;
    for (int i = 0; i < W; i++) r |= mask[i] != 0;
    return r;
#endif
}

// The cubic that each lane is in: four gathers a look would take more time than all the rest.
struct Held { V low, high, start, c0, c1, c2, c3; };

static __attribute__((noinline)) void turn(Held &held, V mach) {
    for (int i = 0; i < W; i++) {
        const double *row = drag.data();
        while (mach[i] >= row[1]) row += Row;
        held.low[i] = row[0]; held.high[i] = row[1]; held.start[i] = row[2];
        held.c0[i] = row[3]; held.c1[i] = row[4]; held.c2[i] = row[5]; held.c3[i] = row[6];
    }
}

struct State { V x[G], y[G], z[G], vx[G], vy[G], vz[G]; };

static inline V heightOf(V x, V y, V z) {
    V bend = m.bendEast * x * x + m.bendNorth * y * y;
    return m.originHeight + z + bend * (1 - m.shrink * (z + 0.5 * bend));
}

static inline void accelerate(V x, V y, V z, V vx, V vy, V vz, V k, Held &held, V &ax, V &ay, V &az) {
    V height = heightOf(x, y, z);
    V u = (x * x + y * y + z * z + 2 * (m.centreNorth * y + m.centreUp * z)) * m.inverseRadius2;
    V w = m.pull * (1 + u * (-1.5 + u * (1.875 + u * (-2.1875 + u * 2.4609375))));
    V t = (height - m.airCentre) * m.airInverseHalf;
    V density = m.density[0] + t * (m.density[1] + t * (m.density[2] + t * (m.density[3] + t * (m.density[4] + t * (m.density[5] + t * m.density[6])))));
    V slowness = m.sound[0] + t * (m.sound[1] + t * (m.sound[2] + t * (m.sound[3] + t * (m.sound[4] + t * m.sound[5]))));
    V speed = sqrtv(vx * vx + vy * vy + vz * vz), mach = speed * slowness;
    if (__builtin_expect(any((mach < held.low) | (mach >= held.high)), 0)) turn(held, mach);
    V s = mach - held.start, c = held.c0 + s * (held.c1 + s * (held.c2 + s * held.c3));
    V d = k * density * speed * c;
    ax = (w + m.eastEast) * x + m.sin * vy - m.cos * vz + d * vx;
    ay = w * (y + m.centreNorth) + m.restNorth + m.northNorth * y + m.northUp * z - m.sin * vx + d * vy;
    az = w * (z + m.centreUp) + m.restUp + m.northUp * y + m.upUp * z + m.cos * vx + d * vz;
}

static double hermite(double p0, double m0, double p1, double m1, double s) {
    double s2 = s * s, s3 = s2 * s;
    return (2 * s3 - 3 * s2 + 1) * p0 + (s3 - 2 * s2 + s) * m0 + (3 * s2 - 2 * s3) * p1 + (s3 - s2) * m1;
}

static double climb(double x, double y, double vx, double vy, double vz) { return vz + 2 * (m.bendEast * x * vx + m.bendNorth * y * vy); }

static void fly(const double *in, int n, double *out) {
    const double *px = in, *py = in + n, *pz = in + 2 * n, *qx = in + 3 * n, *qy = in + 4 * n, *qz = in + 5 * n, *kk = in + 6 * n;
    for (int first = 0; first < n; first += W * G) {
        State a, b;
        V k[G];
        Held held[G];
        for (Held &h : held) h.low = h.high = V{} - 1;
        bool down[W * G] = {};
        int waiting = std::min(W * G, n - first);
        for (int i = 0; i < W * G; i++) {
            int r = std::min(first + i, n - 1), g = i / W, l = i % W;
            a.x[g][l] = px[r]; a.y[g][l] = py[r]; a.z[g][l] = pz[r];
            a.vx[g][l] = qx[r]; a.vy[g][l] = qy[r]; a.vz[g][l] = qz[r]; k[g][l] = kk[r];
            if (first + i >= n) down[i] = true;
        }
        for (double time = 0; waiting > 0 && time < 600; time += Dt) {
            V a1[3][G], a2[3][G], a3[3][G], a4[3][G];
            const double h = Dt / 2;
            for (int g = 0; g < G; g++) accelerate(a.x[g], a.y[g], a.z[g], a.vx[g], a.vy[g], a.vz[g], k[g], held[g], a1[0][g], a1[1][g], a1[2][g]);
            for (int g = 0; g < G; g++)
                accelerate(a.x[g] + h * a.vx[g], a.y[g] + h * a.vy[g], a.z[g] + h * a.vz[g], a.vx[g] + h * a1[0][g], a.vy[g] + h * a1[1][g],
                    a.vz[g] + h * a1[2][g], k[g], held[g], a2[0][g], a2[1][g], a2[2][g]);
            for (int g = 0; g < G; g++)
                accelerate(a.x[g] + h * (a.vx[g] + h * a1[0][g]), a.y[g] + h * (a.vy[g] + h * a1[1][g]), a.z[g] + h * (a.vz[g] + h * a1[2][g]),
                    a.vx[g] + h * a2[0][g], a.vy[g] + h * a2[1][g], a.vz[g] + h * a2[2][g], k[g], held[g], a3[0][g], a3[1][g], a3[2][g]);
            for (int g = 0; g < G; g++)
                accelerate(a.x[g] + Dt * (a.vx[g] + h * a2[0][g]), a.y[g] + Dt * (a.vy[g] + h * a2[1][g]), a.z[g] + Dt * (a.vz[g] + h * a2[2][g]),
                    a.vx[g] + Dt * a3[0][g], a.vy[g] + Dt * a3[1][g], a.vz[g] + Dt * a3[2][g], k[g], held[g], a4[0][g], a4[1][g], a4[2][g]);
            const double sixth = Dt / 6, p = Dt * Dt / 6;
            for (int g = 0; g < G; g++) {
                b.x[g] = a.x[g] + Dt * a.vx[g] + p * (a1[0][g] + a2[0][g] + a3[0][g]);
                b.y[g] = a.y[g] + Dt * a.vy[g] + p * (a1[1][g] + a2[1][g] + a3[1][g]);
                b.z[g] = a.z[g] + Dt * a.vz[g] + p * (a1[2][g] + a2[2][g] + a3[2][g]);
                b.vx[g] = a.vx[g] + sixth * (a1[0][g] + 2 * (a2[0][g] + a3[0][g]) + a4[0][g]);
                b.vy[g] = a.vy[g] + sixth * (a1[1][g] + 2 * (a2[1][g] + a3[1][g]) + a4[1][g]);
                b.vz[g] = a.vz[g] + sixth * (a1[2][g] + 2 * (a2[2][g] + a3[2][g]) + a4[2][g]);
            }
            for (int g = 0; g < G; g++) {
                V height = heightOf(b.x[g], b.y[g], b.z[g]);
                I low = height <= m.ground;
                bool any = false;
                for (int l = 0; l < W; l++) any |= low[l] != 0;
                if (!any) continue;
                V before = heightOf(a.x[g], a.y[g], a.z[g]);
                for (int l = 0; l < W; l++) {
                    if (!low[l] || down[g * W + l]) continue;
                    double h0 = before[l] - m.ground, h1 = height[l] - m.ground, s = h0 / (h0 - h1);
                    double m0 = Dt * climb(a.x[g][l], a.y[g][l], a.vx[g][l], a.vy[g][l], a.vz[g][l]);
                    double m1 = Dt * climb(b.x[g][l], b.y[g][l], b.vx[g][l], b.vy[g][l], b.vz[g][l]);
                    for (int i = 0; i < 4; i++) {
                        double slope = 6 * (s * s - s) * (h0 - h1) + (3 * s * s - 4 * s + 1) * m0 + (3 * s * s - 2 * s) * m1;
                        s -= hermite(h0, m0, h1, m1, s) / slope;
                    }
                    int r = first + g * W + l;
                    out[r] = time + s * Dt;
                    out[n + r] = hermite(a.x[g][l], Dt * a.vx[g][l], b.x[g][l], Dt * b.vx[g][l], s);
                    out[2 * n + r] = hermite(a.y[g][l], Dt * a.vy[g][l], b.y[g][l], Dt * b.vy[g][l], s);
                    out[3 * n + r] = hermite(a.z[g][l], Dt * a.vz[g][l], b.z[g][l], Dt * b.vz[g][l], s);
                    down[g * W + l] = true;
                    waiting--;
                }
            }
            a = b;
        }
    }
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    FILE *f = fopen(argv[1], "rb");
    double count;
    double rows;
    if (!f || fread(&count, 8, 1, f) != 1 || fread(&m, sizeof m, 1, f) != 1 || fread(&rows, 8, 1, f) != 1) return 1;
    drag.resize(Row * (int)rows);
    if (fread(drag.data(), 8, drag.size(), f) != drag.size()) return 1;
    int n = (int)count, passes = atoi(argv[3]);
    std::vector<double> in(7 * n), out(4 * n);
    if (fread(in.data(), 8, in.size(), f) != in.size()) return 1;
    fclose(f);
    std::vector<double> seconds;
    for (int i = 0; i < passes + 3; i++) {
        timespec from, to;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
        fly(in.data(), n, out.data());
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
        if (i >= 3) seconds.push_back((to.tv_sec - from.tv_sec) + 1e-9 * (to.tv_nsec - from.tv_nsec));
    }
    std::sort(seconds.begin(), seconds.end());
    f = fopen(argv[2], "wb");
    if (!f || fwrite(out.data(), 8, out.size(), f) != out.size()) return 1;
    fclose(f);
    printf("%s %.1f %.1f\n", Name, n / seconds[0], n / seconds[passes / 2]);
    return 0;
}
